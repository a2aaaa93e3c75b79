/** Own hosts that are cut off from the region (aws.md 7.1, 7.2), from end to end. */

import { describe, expect, it } from 'vitest';
import { ROUND, STOP_S, seconds } from './round-latencies.ts';
import { runText } from '../support/run-scenario.ts';

const CUT_S = 1_000;
const WEB =
  '{ service: { name: web, cpu: 1, memory: 1GiB, replicas: 6, spread: [{ topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway }] } }';
const ZONES = ['a', 'b', 'c']
  .map(
    (zone) =>
      `z${zone}: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1, zone: ${zone} } }`,
  )
  .join(', ');
const RACK = 'rack: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1 } }';

function run(parts: {
  disruptions: string;
  workload?: string;
  pools?: string;
  orchestrator?: string;
  duration?: string;
}) {
  const { disruptions, workload = WEB, pools = ZONES } = parts;
  const { orchestrator = 'kubernetes', duration = '1h' } = parts;
  return runText(
    `
name: link-loss
seed: 1
duration: ${duration}
sampling: 10m
${ROUND}
disruptions: [${disruptions}]
workload: [${workload}]
variants: { it: { orchestrator: ${orchestrator}, pools: { ${pools} } } }
`,
    true,
  );
}

const cut = (pools: string, lengthS: number) =>
  `{ linkLoss: { pools: [${pools}], at: ${CUT_S}s, duration: ${lengthS}s } }`;
const afterS = (timeUs: number | null) => seconds(timeUs)! - CUT_S;

describe('a hybrid node that is cut off', () => {
  const { tasks, decisions, summary } = run({ disruptions: cut('za', 2_000) });
  const old = tasks.filter(({ zone, reason }) => zone === 'a' && reason === 'taint-evicted');

  it('pitfall 14.17: has its pods replaced elsewhere after about six minutes, and runs them on until it is back (aws.md 7.2)', () => {
    const evictions = decisions.filter(({ reason }) => reason === 'taint-evicted');
    expect(evictions).toHaveLength(2);
    // Silent 40 to 50 s, two loops of 5 s, one taint each 10 s, and 300 s.
    for (const { timeUs } of evictions) {
      expect(afterS(timeUs)).toBeGreaterThan(340);
      expect(afterS(timeUs)).toBeLessThan(380);
    }
    // Told to stop at 2000 s: 3 s to stop, 1 s to confirm. It has run without a break.
    expect(old).toHaveLength(2);
    for (const { finishedUs, attempts } of old) {
      expect([afterS(finishedUs), attempts]).toEqual([2_000 + STOP_S + 1, 1]);
    }
    expect(summary.tasksRunning).toBe(6);
  });

  it('runs its pods on as if nothing had been when it is back before they are deleted', () => {
    const short = run({ disruptions: cut('za', 120) });
    expect(short.tasks.map(({ attempts, state }) => [attempts, state])).toEqual(
      Array.from({ length: 6 }, () => [1, 'running']),
    );
    expect(short.summary.tasksSubmitted).toBe(6);
  });

  it('evicts nothing when every zone is cut off', () => {
    const all = run({ disruptions: cut('za, zb, zc', 1_500) });
    expect(all.decisions.filter(({ decision }) => decision === 'evict')).toEqual([]);
    for (const { attempts, state } of all.tasks) expect([attempts, state]).toEqual([1, 'running']);
  });
});

describe('a zone of which 55 % are cut off', () => {
  it('pitfall 14.17: is given no more NoExecute taints (aws.md 7.2)', () => {
    const { decisions } = run({
      pools:
        'bad: { external: { hosts: 4, cpu: 8, memory: 16GiB, costPerHour: 1, zone: a } }, ' +
        'good: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1, zone: a } }',
      workload: '{ service: { name: web, cpu: 1, memory: 1GiB, replicas: 12 } }',
      disruptions: cut('bad', 2_000),
    });
    const tainted = (effect: string) =>
      decisions.filter(({ reason }) => reason.endsWith(`unreachable:${effect}`)).length;
    // 4 of 6 are 67 %. Some are tainted before three have been silent long enough.
    expect(tainted('NoSchedule')).toBe(4);
    expect(tainted('NoExecute')).toBeLessThanOrEqual(2);
  });
});

describe('an ECS Anywhere host that is cut off', () => {
  const jobs =
    '{ jobs: { name: work, cpu: 1, memory: 1GiB, arrivals: { at: [900s, 1100s] }, duration: 300s } }';

  it('runs on, takes nothing new, and nothing is replaced (aws.md 7.1)', () => {
    const { tasks, decisions } = run({
      orchestrator: 'ecs',
      pools: RACK,
      workload: `{ service: { name: web, cpu: 1, memory: 1GiB, replicas: 3 } }, ${jobs}`,
      disruptions: cut('rack', 600),
    });
    const web = tasks.filter(({ workload }) => workload === 'web');
    expect(web.map(({ attempts, state }) => [attempts, state])).toEqual(
      Array.from({ length: 3 }, () => [1, 'running']),
    );
    const [first, second] = tasks.filter(({ workload }) => workload === 'work');
    // Done at about 1200 s, which is heard of when the link is back.
    expect([afterS(first!.finishedUs), first!.state]).toEqual([600, 'completed']);
    expect(afterS(second!.placedUs)).toBeGreaterThanOrEqual(600);
    expect(second!.state).toBe('completed');
    expect(decisions.filter(({ reason }) => reason === 'link-lost')).toHaveLength(2);
  });

  it('has tasks whose credentials end after six hours (aws.md 7.1)', () => {
    const { decisions } = run({
      orchestrator: 'ecs',
      pools: RACK,
      workload: '{ service: { name: web, cpu: 1, memory: 1GiB, replicas: 3 } }',
      disruptions: cut('rack', 30_000),
      duration: '10h',
    });
    const ended = decisions.filter(({ reason }) => reason === 'credentials-expired');
    expect(ended.map(({ timeUs }) => afterS(timeUs))).toEqual([21_600, 21_600]);
  });
});

describe('a machine that fails while it is cut off', () => {
  it('starts its pods again when the link is back, not when the machine is (aws.md 7.2)', () => {
    const { tasks } = run({
      pools: RACK,
      workload: '{ service: { name: web, cpu: 1, memory: 1GiB, replicas: 2 } }',
      disruptions:
        '{ linkLoss: { at: 1000s, duration: 240s } }, { hostFailure: { after: 1100s, repair: 60s } }',
      duration: '30m',
    });
    for (const { attempts, state, readyUs } of tasks) {
      expect([attempts, state]).toEqual([2, 'running']);
      // A container starts in 2 s.
      expect(afterS(readyUs)).toBe(240 + 2);
    }
  });
});
