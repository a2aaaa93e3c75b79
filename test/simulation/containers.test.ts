/** What containers do that nobody asked for, from end to end (kubernetes.md 2.3, 2.5, 2.8, 2.9). */

import { describe, expect, it } from 'vitest';
import { ROUND, START_S, seconds } from './round-latencies.ts';
import { runText } from '../support/run-scenario.ts';

/** The pod is bound after 0.5 s of thinking and 0.25 s of binding. */
const HEARD_S = 0.75;

function run(
  workload: string,
  parts: { orchestrator?: string; pool?: string; more?: string } = {},
) {
  const { orchestrator = 'kubernetes', pool = 'hosts: 1, cpu: 8, memory: 1GiB', more = '' } = parts;
  return runText(
    `
name: containers
seed: 1
duration: 1h
sampling: 10m
${ROUND}
workload: [${workload}]
variants:
  it:
    orchestrator: ${orchestrator}
    pools: { own: { external: { ${pool}, costPerHour: 1 } ${more} } }
`,
    true,
  );
}

describe('a replica that crashes after a minute', () => {
  const crashing = '{ service: { name: web, cpu: 1, memory: 128MiB, crash: { after: 60s } } }';

  it('pitfall 8.17: is started again in place: at once, then after 10, 20, 40 ... 300 s (2.5)', () => {
    const { tasks } = run(crashing);
    expect(tasks).toHaveLength(1);
    // Starts at 2.75 + 60 x n + waits so far; the hour holds those with 0, 10, 20, 40, 80, 160, 300 ... before them.
    const starts = [HEARD_S + START_S];
    for (const wait of [0, 10, 20, 40, 80, 160, ...Array.from({ length: 20 }, () => 300)]) {
      starts.push(starts.at(-1)! + 60 + wait);
    }
    expect(tasks[0]!.attempts).toBe(starts.filter((at) => at <= 3_600).length);
    expect(tasks[0]).toMatchObject({ state: 'running', reason: '' });
    expect(seconds(tasks[0]!.startedUs)).toBe(starts[0]);
  });

  it('has failed under ECS, whose service starts another task (aws.md 3.7)', () => {
    const { tasks } = run(crashing, { orchestrator: 'ecs' });
    expect(tasks[0]).toMatchObject({
      state: 'failed',
      reason: 'essential-container-exited',
      attempts: 1,
    });
    expect(tasks.length).toBeGreaterThan(50);
  });
});

describe('a job that crashes', () => {
  const job = (keys: string) =>
    `{ jobs: { name: work, cpu: 1, memory: 128MiB, arrivals: { at: [0s] }, duration: 90s, crash: { after: 60s, share: 50% } ${keys} } }`;

  it('runs again in place until a run gets through', () => {
    const { tasks } = run(job(''));
    expect(tasks).toHaveLength(1);
    expect(tasks[0]!.state).toBe('completed');
    expect(tasks[0]!.attempts).toBeGreaterThanOrEqual(1);
  });

  it('has failed when its pod restarts nothing', () => {
    const { tasks } = run(job(', restartPolicy: Never').replace('50%', '100%'));
    expect(tasks[0]).toMatchObject({ state: 'failed', attempts: 1 });
    expect(seconds(tasks[0]!.finishedUs)).toBe(HEARD_S + START_S + 60);
  });
});

describe('a replica with a probe', () => {
  it('is ready at the first look after it could answer (2.3)', () => {
    const { tasks } = run(
      '{ service: { name: web, cpu: 1, memory: 128MiB, startup: 12s, readinessProbe: {} } }',
    );
    expect(seconds(tasks[0]!.readyUs! - tasks[0]!.startedUs!)).toBe(20);
  });
});

describe('a replica that hangs after a minute', () => {
  const hanging = (keys: string) =>
    `{ service: { name: web, cpu: 1, memory: 128MiB, hang: { after: 60s }, ${keys} } }`;

  it('hangs for ever where nothing looks', () => {
    const { tasks } = run(hanging('readinessProbe: {}'));
    expect(tasks[0]).toMatchObject({ state: 'running', attempts: 1 });
  });

  it('is started again by its liveness probe, 51 s after it hung: it answers TERM no more (2.3, 2.6)', () => {
    const { tasks } = run(hanging('livenessProbe: {}'));
    expect(tasks).toHaveLength(1);
    // Fails at 60, 70 and 80 s, with a timeout of 1 s, and is killed after 30 s of grace: at 111 s of the run.
    const starts = [HEARD_S + START_S];
    for (const wait of [0, 10, 20, 40, 80, 160, ...Array.from({ length: 20 }, () => 300)]) {
      starts.push(starts.at(-1)! + 111 + wait);
    }
    expect(tasks[0]!.attempts).toBe(starts.filter((at) => at <= 3_600).length);
  });

  it('is killed after the grace period that its workload states', () => {
    const short = run(
      hanging('livenessProbe: { period: 5s, failureThreshold: 1 }, terminationGrace: 2s'),
    );
    const { tasks } = short;
    // Run of 60 + 1 + 2 s: starts at 2.75, 65.75, 138.75 (10), 221.75 (20), 324.75 (40) ...
    expect(tasks[0]!.attempts).toBeGreaterThan(8);
  });

  it('knows no probe under ECS', () => {
    const { tasks } = run(hanging('livenessProbe: {}'), { orchestrator: 'ecs' });
    expect(tasks[0]).toMatchObject({ state: 'running', attempts: 1 });
  });
});

describe('a job that hangs', () => {
  const job = (keys: string) =>
    `{ jobs: { name: work, cpu: 1, memory: 128MiB, arrivals: { at: [0s] }, ${keys} } }`;

  it('is not done when its time is over, nor when its work would be', () => {
    for (const what of ['duration: 90s', 'work: 90s, cpuLimit: 1']) {
      const { tasks } = run(job(`${what}, hang: { after: 60s }`));
      expect(tasks[0]).toMatchObject({ state: 'running', attempts: 1 });
    }
  });

  it('gets through in a run that does not hang', () => {
    const { tasks } = run(
      job('duration: 90s, hang: { after: 60s, share: 50% }, livenessProbe: {}'),
    );
    expect(tasks[0]!.state).toBe('completed');
  });

  it('has failed as unhealthy when its pod restarts nothing', () => {
    const { tasks } = run(
      job('work: 90s, cpuLimit: 1, hang: { after: 60s }, livenessProbe: {}, restartPolicy: Never'),
    );
    expect(tasks[0]).toMatchObject({ state: 'failed', reason: 'unhealthy' });
    expect(seconds(tasks[0]!.finishedUs)).toBe(HEARD_S + START_S + 60 + 21 + 30);
  });
});

describe('a replica that takes two minutes to start', () => {
  const slow = (keys: string) =>
    `{ service: { name: web, cpu: 1, memory: 128MiB, startup: 2m, readinessProbe: {}, ${keys} } }`;

  it('is killed over and over by a liveness probe that does not wait for it', () => {
    const { tasks } = run(slow('livenessProbe: {}'));
    // Killed 20 s after its start; gone 3 s later.
    expect(tasks[0]!.readyUs).toBeNull();
    expect(tasks[0]!.attempts).toBeGreaterThan(10);
  });

  it('is left alone by it while a startup probe is not through, and ready with its success (2.3)', () => {
    const { tasks } = run(
      slow('livenessProbe: {}, startupProbe: { failureThreshold: 30, period: 7s }'),
    );
    // The first look of the startup probe at 120 s or later: 18 x 7.
    expect(seconds(tasks[0]!.readyUs! - tasks[0]!.startedUs!)).toBe(126);
    expect(tasks[0]!.attempts).toBe(1);
  });
});

describe('a container that takes more memory than its limit', () => {
  const growing = (keys: string) =>
    `{ service: { name: web, cpu: 1, memory: 100MiB, memoryLimit: 200MiB, memoryUsage: [{ at: 0s, share: 50% }, { at: 100s, share: 250% }] ${keys} } }`;

  it('is killed whatever the node has free, and started again with back-off (2.9)', () => {
    const { tasks } = run(growing(''));
    // Runs of 100 s at 2.75, 102.75, 212.75 (10), 332.75 (20), 472.75 (40) ...
    expect(tasks).toHaveLength(1);
    expect(tasks[0]!.attempts).toBeGreaterThan(8);
  });

  it('ends its task under ECS as out of memory', () => {
    const { tasks } = run(growing(''), { orchestrator: 'ecs' });
    expect(tasks[0]).toMatchObject({ state: 'failed', reason: 'out-of-memory' });
    expect(seconds(tasks[0]!.finishedUs! - tasks[0]!.startedUs!)).toBe(100);
  });
});

describe('a node that runs short of memory', () => {
  // 1 GiB of capacity, 100 MiB of threshold: evicts above 924 MiB.
  const greedy =
    '{ service: { name: greedy, cpu: 1, memory: 300MiB, memoryUsage: [{ at: 0s, share: 50% }, { at: 200s, share: 250% }] } }';
  const modest = '{ service: { name: modest, cpu: 1, memory: 200MiB, priority: -5 } }';

  it('evicts the pod that uses more than it asked for within 10 s, with a grace of 1 s (2.8)', () => {
    const { tasks, decisions } = run(`${greedy}, ${modest}`);
    const evictions = decisions.filter(({ reason }) => reason === 'evicted');
    const first = tasks.find(({ workload }) => workload === 'greedy')!;
    expect(first).toMatchObject({ state: 'cancelled', reason: 'evicted' });
    // 150 -> 750 MiB at 200 s: 950 in use, above 924.
    const overUs = first.startedUs! + 200e6;
    expect(evictions[0]!.timeUs - overUs).toBeGreaterThan(0);
    expect(evictions[0]!.timeUs - overUs).toBeLessThanOrEqual(10e6);
    // 1 s of grace, then the kubelet confirms.
    expect(first.finishedUs! - evictions[0]!.timeUs).toBe(2e6);
    expect(tasks.filter(({ workload }) => workload === 'modest')).toHaveLength(1);
  });

  it('takes new pods again when no pressure was seen for 5 minutes (2.8)', () => {
    const { tasks } = run(`${greedy}, ${modest}`);
    const [first, second] = tasks.filter(({ workload }) => workload === 'greedy');
    const waitedS = (second!.placedUs! - first!.finishedUs!) / 1e6;
    expect(waitedS).toBeGreaterThan(300 - 10);
    expect(waitedS).toBeLessThanOrEqual(310);
  });

  it('kills at once when none is left: the largest oom score (2.9)', () => {
    const hog = greedy.replace('250%', '350%');
    const { tasks, decisions } = run(`${hog}, ${modest}`);
    const killed = tasks.find(({ workload }) => workload === 'greedy')!;
    // 1050 + 200 MiB > 1024: killed at the step, started again at once with 150 MiB; the next times after back-off.
    expect(killed.attempts).toBeGreaterThan(5);
    expect(decisions.filter(({ reason }) => reason === 'evicted')).toEqual([]);
  });

  it('costs no event where the use cannot pass the threshold', () => {
    const steady = (keys: string) =>
      `{ jobs: { name: work, cpu: 10m, memory: 10MiB, arrivals: { every: 10s }, duration: 60s ${keys} } }`;
    const plain = run(steady(''));
    const stated = run(steady(', memoryUsage: [{ at: 0s, share: 10% }, { at: 30s, share: 90% }]'));
    expect(stated.stepCount).toBe(plain.stepCount);
  });
});
