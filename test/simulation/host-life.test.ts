import { describe, expect, it } from 'vitest';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { ROUND, START_S, STOP_S, seconds } from './round-latencies.ts';
import { SPOT_NOTICE_US } from '../../src/disruption/spot-reclaim.ts';
import { Supply } from '../../src/cloud/supply/supply.ts';
import { findInstanceType } from '../../src/cloud/catalogue.ts';
import { runText } from '../support/run-scenario.ts';

const GROUP = 'base: { asg: { instanceTypes: [m6i.large], min: 1, max: 1 } }';

function run(variant: string, workload: string, duration = '1h', assumptions = '') {
  return runText(
    `
name: hosts
seed: 1
duration: ${duration}
sampling: 10m
${ROUND.replace('images:', `${assumptions}\nimages:`)}
workload: [${workload}]
variants: { it: { ${variant} } }
`,
    true,
  );
}

describe('a host of a group', () => {
  const web = '{ service: { name: web, cpu: 100m, memory: 128MiB } }';

  it('is accepted, runs and is billed, registers, and then takes the task that waited', () => {
    const { hosts, tasks } = run(`orchestrator: ecs, pools: { ${GROUP} }`, web);
    const [host] = hosts;
    expect([host!.requestedUs, host!.runningUs, host!.readyUs].map(seconds)).toEqual([
      0,
      5 + 15,
      5 + 15 + 40,
    ]);
    expect(host!.terminationReason).toBe('end-of-run');
    expect(seconds(host!.billedUs)).toBe(3_600 - 20);
    expect(seconds(tasks[0]!.placedUs)).toBe(60);
    expect(seconds(tasks[0]!.startedUs)).toBe(60 + START_S);
  });

  it('of EKS is ready when its node is', () => {
    const { hosts } = run(`orchestrator: kubernetes, pools: { ${GROUP} }`, web);
    expect(seconds(hosts[0]!.readyUs)).toBe(5 + 15 + 30);
  });

  it('takes a daemon as soon as it is ready', () => {
    const daemon = '{ daemon: { name: agent, cpu: 100m, memory: 64MiB } }';
    const { tasks } = run(`orchestrator: ecs, pools: { ${GROUP} }`, `${daemon}, ${web}`);
    const agent = tasks.find(({ kind }) => kind === 'daemon')!;
    expect(agent.submittedUs).toBe(agent.placedUs);
    expect(seconds(agent.placedUs)).toBe(60);
  });
});

describe('a spot host', () => {
  const bands = Array.from({ length: 5 }, (_, band) => `spot.band-${band}-monthly-probability`);
  const hazards = Object.fromEntries(bands.map((name) => [name, 0.999]));
  const assumptions = bands.map((name) => `  ${name}: 0.999`).join('\n');
  const { hosts, tasks, decisions, summary } = run(
    `orchestrator: ecs, pools: { ${GROUP.replace('max: 1', 'max: 1, capacityType: spot')} }`,
    `{ service: { name: web, cpu: 100m, memory: 128MiB } },
     { jobs: { name: long, cpu: 100m, memory: 128MiB, arrivals: { at: [0s] }, duration: 2000h } }`,
    '1000h',
    assumptions,
  );
  const notices = decisions.filter(({ decision }) => decision === 'interrupt');
  const [first] = hosts;
  const noticeUs = notices[0]!.timeUs;

  it('is given notice when its hazard says so and is gone two minutes later', () => {
    const type = findInstanceType('m6i.large')!;
    const zone = first!.zone;
    const supply = new Supply('us-east-1', new AssumedParameters(hazards), 1);
    expect(noticeUs).toBe(supply.strikeUs(type, zone, first!.runningUs!, 'base/0'));
    expect(first!.terminatedUs).toBe(noticeUs + SPOT_NOTICE_US);
    expect(first!.terminationReason).toBe('spot-interruption');
    expect(summary.interruptions).toBe(notices.length);
  });

  /** Accepted, running, registered; started, and healthy without a check 40 s after RUNNING. */
  const REPLACED_S = 5 + 15 + 40 + START_S + 40;

  it('is drained by its cluster: its services go as they are replaced, its jobs with it', () => {
    const lost = tasks.filter(({ host }) => host === first!.host);
    const endOf = (name: string) => lost.find(({ workload }) => workload === name)!;
    expect(endOf('web')).toMatchObject({ state: 'cancelled', reason: 'drained' });
    // The first machine that is asked for is refused when the call is answered, the next is asked for then.
    expect(seconds(endOf('web').finishedUs! - noticeUs)).toBe(5 + REPLACED_S + STOP_S);
    expect(endOf('long')).toMatchObject({ state: 'cancelled', reason: 'spot-interruption' });
    expect(endOf('long').finishedUs).toBe(noticeUs + SPOT_NOTICE_US);
    expect(summary.evictions).toBe(tasks.filter(({ state }) => state === 'cancelled').length);
  });

  it('has its job submitted again at once: the same work with the same origin, a new attempt from the start', () => {
    const chain = tasks.filter(({ workload }) => workload === 'long');
    expect(chain.length).toBe(notices.length + 1);
    expect(new Set(chain.map(({ origin }) => origin)).size).toBe(1);
    expect(chain[0]!.origin).toBe(chain[0]!.task);
    for (const [i, task] of chain.slice(1).entries())
      expect(task.submittedUs).toBe(chain[i]!.finishedUs);
  });
});

describe('a spot micro-VM', () => {
  it('that is taken back before it is ready costs nothing and its task is tried again', () => {
    // Certainty: the notice comes the moment it runs, 10 + 8 s after it was asked for.
    const { hosts, tasks, summary } = run(
      'orchestrator: ecs, pools: { vm: { fargateSpot: {} } }',
      '{ jobs: { name: work, cpu: 256m, memory: 512MiB, arrivals: { at: [0s] }, duration: 60s } }',
      '1m',
      '  spot.fargate-monthly-probability: 1',
    );
    expect(
      hosts
        .slice(0, 3)
        .map(({ requestedUs, terminatedUs }) => [requestedUs, terminatedUs].map(seconds)),
    ).toEqual([
      [0, 18],
      [18, 36],
      [36, 54],
    ]);
    expect(hosts[0]).toMatchObject({
      terminationReason: 'spot-interruption',
      billedUs: 0,
      costMicroUsd: 0,
    });
    expect(tasks[0]).toMatchObject({
      state: 'cancelled',
      reason: 'spot-interruption',
      startedUs: null,
    });
    expect(summary.interruptions).toBe(3);
  });
});
