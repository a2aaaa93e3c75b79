import { describe, expect, it } from 'vitest';
import { PULL_S, ROUND, START_S, seconds } from './round-latencies.ts';
import { runText } from '../support/run-scenario.ts';
import type { TaskRow } from '../../src/metrics/rows.ts';

function times(task: TaskRow) {
  const { submittedUs, placedUs, pulledUs, startedUs, readyUs, finishedUs } = task;
  return [submittedUs, placedUs, pulledUs, startedUs, readyUs, finishedUs].map(seconds);
}

const OWN = '{ racks: { external: { hosts: 1, cpu: 4, memory: 8GiB, costPerHour: 1 } } }';

function jobs(variant: string, workload: string) {
  return runText(`
name: life
seed: 1
duration: 2h
${ROUND}
workload: [${workload}]
variants: { it: { ${variant} } }
`);
}

describe('a job', () => {
  const twice =
    '{ jobs: { name: work, image: app, cpu: 1, memory: 1GiB, arrivals: { at: [10s, 30s] }, duration: 60s } }';

  it('on a host of ECS is placed at once, pulls the image once a host, starts, and ends after its duration', () => {
    const { tasks } = jobs(`orchestrator: ecs, pools: ${OWN}`, twice);
    const startedS = 10 + PULL_S + START_S;
    expect(times(tasks[0]!)).toEqual([10, 10, 10 + PULL_S, startedS, startedS, startedS + 60]);
    // The image is there.
    expect(times(tasks[1]!)).toEqual([30, 30, 30, 30 + START_S, 30 + START_S, 30 + START_S + 60]);
    expect(tasks.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['completed', 1],
      ['completed', 1],
    ]);
  });

  it('on Kubernetes waits for the scheduler to think about each pod in turn, then for the API', () => {
    const both = twice.replace('[10s, 30s]', '[10s, 10s]').replace('image: app, ', '');
    const { tasks } = jobs(`orchestrator: kubernetes, pools: ${OWN}`, both);
    const firstS = 10 + 0.5 + 0.25 + START_S;
    expect(seconds(tasks[0]!.startedUs)).toBe(firstS);
    expect(seconds(tasks[1]!.startedUs)).toBe(firstS + 0.5);
  });

  it('of a batch system starts with its pull: there is no container to make', () => {
    const { tasks } = jobs(`orchestrator: batch, pools: ${OWN}`, twice);
    expect(seconds(tasks[0]!.startedUs)).toBe(10 + PULL_S);
  });

  it('on Fargate waits for its own micro-VM, which is billed from the pull and leaves with it', () => {
    const { tasks, hosts } = jobs('orchestrator: ecs, pools: { vm: { fargate: {} } }', twice);
    const readyS = 10 + 10 + 8 + 12;
    const startedS = readyS + PULL_S + START_S;
    expect(times(tasks[0]!)).toEqual([10, 10, readyS + PULL_S, startedS, startedS, startedS + 60]);
    const [vm] = hosts;
    expect([vm!.requestedUs, vm!.runningUs, vm!.readyUs, vm!.terminatedUs].map(seconds)).toEqual([
      10,
      10 + 10 + 8,
      readyS,
      startedS + 60,
    ]);
    expect(vm!.terminationReason).toBe('task-ended');
    expect(seconds(vm!.billedUs)).toBe(PULL_S + START_S + 60);
    // No micro-VM keeps an image: the second task pulls again.
    const second = tasks[1]!;
    expect(seconds(second.pulledUs! - second.placedUs!)).toBe(10 + 8 + 12 + PULL_S);
    expect(hosts.length).toBe(2);
  });

  it('on Fargate of EKS waits for the node to join too', () => {
    const { tasks } = jobs('orchestrator: kubernetes, pools: { vm: { fargate: {} } }', twice);
    expect(seconds(tasks[0]!.startedUs)).toBe(10 + 10 + 8 + 12 + 15 + PULL_S + START_S);
  });

  it('that needs CPU time shares the core with its neighbours and goes faster once they have left', () => {
    const { tasks } = jobs(
      'orchestrator: batch, pools: { one: { external: { hosts: 1, cpu: 1, memory: 8GiB, costPerHour: 1 } } }',
      `{ jobs: { name: busy, cpu: 500m, memory: 1GiB, arrivals: { at: [0s] }, duration: 10s } },
       { jobs: { name: counted, cpu: 500m, memory: 1GiB, arrivals: { at: [0s] }, work: 20s } }`,
    );
    // Half a core for 10 s is 5 s of work; the other 15 s have the core to themselves.
    const counted = tasks.find(({ workload }) => workload === 'counted')!;
    expect(seconds(counted.finishedUs)).toBe(10 + (20 - 10 * 0.5));
  });

  it('that needs CPU time is not slowed by a service that has not started', () => {
    const { tasks } = jobs(
      'orchestrator: ecs, pools: { one: { external: { hosts: 1, cpu: 1, memory: 8GiB, costPerHour: 1 } } }',
      `{ jobs: { name: counted, cpu: 500m, memory: 1GiB, arrivals: { at: [0s] }, work: 20s } },
       { service: { name: web, image: app, cpu: 500m, memory: 1GiB, usage: 100%, startup: 30s } }`,
    );
    // The job starts at 2 s, the service at 12 s: 10 s of the whole core, then half of it.
    const counted = tasks.find(({ workload }) => workload === 'counted')!;
    expect(seconds(counted.finishedUs)).toBe(PULL_S + START_S + (20 - PULL_S) / 0.5);
  });
});

describe('a replica', () => {
  it('is ready when its start-up is over', () => {
    const { tasks } = jobs(
      `orchestrator: ecs, pools: ${OWN}`,
      '{ service: { name: web, image: app, cpu: 1, memory: 1GiB, startup: 5s } }',
    );
    const startedS = PULL_S + START_S;
    expect(times(tasks[0]!)).toEqual([0, 0, PULL_S, startedS, startedS + 5, null]);
    expect(tasks[0]!.state).toBe('running');
  });
});
