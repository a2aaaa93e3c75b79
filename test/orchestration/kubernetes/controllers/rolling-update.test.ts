/** Rolling updates in whole runs: what a Deployment, a StatefulSet and a DaemonSet do when a scenario rolls a revision out. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runText } from '../../../support/run-scenario.ts';
import type { TaskRow } from '../../../../src/metrics/rows.ts';

const SECOND_US = 1_000_000;

interface Part {
  readonly service?: string;
  readonly more?: string;
  readonly seed?: number;
}

const ROLLOUT = 'rollouts: [{ workload: web, at: 20m, image: two }]';

function scenario({ service = 'replicas: 10', more = ROLLOUT, seed = 1 }: Part): string {
  return `
name: rollout
seed: ${seed}
duration: 1h
images: { one: { size: 50MB }, two: { size: 50MB }, three: { size: 50MB } }
workload:
  - daemon: { name: agent, cpu: 100m, memory: 100MiB, image: one }
  - service: { name: web, image: one, cpu: 500m, memory: 1GiB, ${service} }
${more}
variants:
  eks:
    orchestrator: kubernetes
    pools: { hosts: { external: { hosts: 4, cpu: 16, memory: 64GiB, costPerHour: 0 } } }
`;
}

interface Pod extends TaskRow {
  /** When it was told to stop; Infinity when it was not. */
  readonly toldUs: number;
}

/** In the order in which they were made. */
function podsOf(text: string): Pod[] {
  const { tasks, decisions } = runText(text, true);
  const toldUs = new Map<string, number>();
  for (const { subject, timeUs, reason } of decisions) {
    if (reason === 'replaced' || reason === 'scaled-in') toldUs.set(subject, timeUs);
  }
  return tasks
    .map((task) => ({ ...task, toldUs: toldUs.get(task.task) ?? Infinity }))
    .sort((a, b) => numberOf(a) - numberOf(b));
}

function numberOf({ task }: TaskRow): number {
  return Number(task.slice('task-'.length));
}

interface Moment {
  readonly timeUs: number;
  /** Pods that were not told to stop, and those of them that are available. */
  readonly pods: number;
  readonly available: number;
}

/** What there is of the pods whenever that changes, from the moment on when all that are wanted are available. */
function momentsOf(pods: readonly Pod[], replicas: number, minReadyUs = 0): Moment[] {
  const times = pods.flatMap((pod) => [
    pod.submittedUs,
    (pod.readyUs ?? 0) + minReadyUs,
    pod.toldUs,
  ]);
  const moments = [...new Set(times)]
    .filter((timeUs) => timeUs !== Infinity)
    .sort((a, b) => a - b)
    .map((timeUs) => {
      const there = pods.filter((pod) => pod.submittedUs <= timeUs && pod.toldUs > timeUs);
      const isAvailable = ({ readyUs }: Pod) => readyUs !== null && readyUs + minReadyUs <= timeUs;
      return { timeUs, pods: there.length, available: there.filter(isAvailable).length };
    });
  return moments.slice(moments.findIndex(({ available }) => available === replicas));
}

function web(pods: readonly Pod[]): Pod[] {
  return pods.filter(({ workload }) => workload === 'web');
}

describe('a rolling update of a Deployment (kubernetes.md 3.1)', () => {
  it('replaces every pod, with at most 13 of 10 and at least 8 available, as the defaults say', () => {
    const pods = web(podsOf(scenario({ service: 'replicas: 10, startup: 20s' })));
    const after = pods.filter(({ submittedUs }) => submittedUs >= 1_200 * SECOND_US);
    expect(pods.length).toBe(20);
    expect(after.length).toBe(10);
    expect(after.every(({ state }) => state === 'running')).toBe(true);
    const moments = momentsOf(pods, 10);
    expect(Math.max(...moments.map((one) => one.pods))).toBe(13);
    expect(Math.min(...moments.map(({ available }) => available))).toBe(8);
  });

  it('waits for pods to be ready for minReady before it goes on', () => {
    const service = 'replicas: 2, deployment: { maxSurge: 1, maxUnavailable: 0, minReady: 60s }';
    const pods = web(podsOf(scenario({ service })));
    const [first, second] = pods.filter(({ submittedUs }) => submittedUs >= 1_200 * SECOND_US);
    // The second new pod takes the place of an old one, which goes when the first is available.
    expect(second!.submittedUs - first!.readyUs!).toBe(60 * SECOND_US);
  });

  it('Recreate starts the first new pod when the last old one is gone', () => {
    const pods = web(
      podsOf(scenario({ service: 'replicas: 3, deployment: { strategy: Recreate }' })),
    );
    const old = pods.filter(({ submittedUs }) => submittedUs < 1_200 * SECOND_US);
    const fresh = pods.filter(({ submittedUs }) => submittedUs >= 1_200 * SECOND_US);
    const lastGoneUs = Math.max(...old.map(({ finishedUs }) => finishedUs!));
    expect(fresh.map(({ submittedUs }) => submittedUs)).toEqual([
      lastGoneUs,
      lastGoneUs,
      lastGoneUs,
    ]);
  });

  it('a second update in the middle of the first lets both old revisions go', () => {
    const more = `rollouts:
  - { workload: web, at: 20m, image: two }
  - { workload: web, at: 1205s, image: three }`;
    const pods = web(podsOf(scenario({ service: 'replicas: 10, startup: 20s', more })));
    expect(pods.filter(({ state }) => state === 'running').length).toBe(10);
    const last = pods.filter(({ submittedUs }) => submittedUs >= 1_205 * SECOND_US);
    expect(last.filter(({ state }) => state === 'running').length).toBe(10);
  });

  it('going back to the revision before brings it back', () => {
    const more = `rollouts:
  - { workload: web, at: 20m, image: two }
  - { workload: web, at: 1205s, image: one }`;
    const pods = web(podsOf(scenario({ service: 'replicas: 10, startup: 20s', more })));
    const running = pods.filter(({ state }) => state === 'running');
    expect(running.length).toBe(10);
    // 8 of the old pods were still there when the first update was taken back.
    expect(running.filter(({ submittedUs }) => submittedUs === 0).length).toBe(8);
  });

  it('never goes past replicas + surge, nor below replicas - unavailable available ones, while hosts do not fail', () => {
    const amount = fc.oneof(
      fc.integer({ min: 0, max: 4 }).map(String),
      fc.integer({ min: 1, max: 60 }).map((percent) => `${percent}%`),
    );
    const world = fc.record({
      replicas: fc.integer({ min: 1, max: 14 }),
      surge: amount,
      unavailable: amount,
      startup: fc.constantFrom('0s', '{ uniform: { low: 1s, high: 60s } }'),
      // The ranking of pods knows readiness alone (3.2): of a set with pods that are ready and not yet available, an available
      // one may go. So where minReady is stated there is one update.
      times: fc.constantFrom([7, 0], [0, 0], [0, 1], [0, 20], [0, 60]),
      seed: fc.nat(1_000),
    });
    fc.assert(
      fc.property(world, ({ replicas, surge, unavailable, startup, times, seed }) => {
        const [minReadyS, secondS] = times as [number, number];
        const deployment = `deployment: { maxSurge: ${surge}, maxUnavailable: ${unavailable}, minReady: ${minReadyS}s }`;
        const service = `replicas: ${replicas}, startup: ${startup}, ${deployment}`;
        const more = `rollouts:
  - { workload: web, at: 20m, image: two }
  - { workload: web, at: ${1_200 + secondS}s, image: three }`;
        const pods = web(podsOf(scenario({ service, more, seed })));
        const up = amountOf(surge, replicas, Math.ceil);
        const stated = amountOf(unavailable, replicas, Math.floor);
        const down = Math.min(replicas, up === 0 && stated === 0 ? 1 : stated);
        for (const { pods: count, available } of momentsOf(pods, replicas, minReadyS * SECOND_US)) {
          expect(count).toBeLessThanOrEqual(replicas + up);
          expect(available).toBeGreaterThanOrEqual(replicas - down);
        }
        const running = pods.filter(({ state }) => state === 'running');
        expect(running.length).toBe(replicas);
      }),
      { seed: 11, numRuns: 60 },
    );
  });
});

function amountOf(text: string, replicas: number, round: (exact: number) => number): number {
  return text.endsWith('%') ? round((Number(text.slice(0, -1)) * replicas) / 100) : Number(text);
}

describe('a StatefulSet in a run (kubernetes.md 3.3)', () => {
  const service = 'replicas: 3, startup: 10s, statefulSet: {}';

  it('starts its pods one after the other, each when the one before is ready', () => {
    const pods = web(podsOf(scenario({ service, more: '' })));
    expect(pods.length).toBe(3);
    expect(pods[1]!.submittedUs).toBe(pods[0]!.readyUs);
    expect(pods[2]!.submittedUs).toBe(pods[1]!.readyUs);
  });

  it('pitfall 8.19: replaces from the highest ordinal down, each when its object is gone (3.3)', () => {
    const pods = web(podsOf(scenario({ service })));
    const [zero, one, two, ...fresh] = pods;
    expect(fresh.map(({ origin }) => origin)).toEqual([two!.task, one!.task, zero!.task]);
    expect(fresh.map(({ submittedUs }) => submittedUs)).toEqual(
      [two!, one!, zero!].map(({ finishedUs }) => finishedUs),
    );
    expect(one!.toldUs).toBe(fresh[0]!.readyUs);
  });

  it('keeps pods below the partition', () => {
    const kept = 'replicas: 3, statefulSet: { podManagement: Parallel, partition: 2 }';
    const pods = web(podsOf(scenario({ service: kept })));
    expect(pods.map(({ submittedUs }) => submittedUs >= 1_200 * SECOND_US)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});

describe('an update of a DaemonSet in a run (kubernetes.md 3.4)', () => {
  const rollout = 'rollouts: [{ workload: agent, at: 20m, image: two }]';
  const agents = (text: string) => podsOf(text).filter(({ workload }) => workload === 'agent');

  it('goes node by node in the order of their creation', () => {
    const pods = agents(scenario({ more: rollout }));
    const [old, fresh] = [pods.slice(0, 4), pods.slice(4)];
    expect(fresh.map(({ host }) => host)).toEqual(old.map(({ host }) => host));
    for (const [i, { submittedUs }] of fresh.entries()) {
      expect(submittedUs).toBe(old[i]!.finishedUs);
    }
    // Each goes when the one before it is ready; the first when the revision comes.
    const before = [1_200 * SECOND_US, ...fresh.map(({ readyUs }) => readyUs)];
    expect(old.map(({ toldUs }) => toldUs)).toEqual(before.slice(0, 4));
  });

  it('makes the new pod beside the old one where it may surge', () => {
    const text = scenario({ more: rollout }).replace(
      'image: one }',
      'image: one, daemonSet: { maxUnavailable: 0, maxSurge: 2 } }',
    );
    const pods = agents(text);
    const fresh = pods.slice(4);
    expect(fresh.filter(({ submittedUs }) => submittedUs === 1_200 * SECOND_US).length).toBe(2);
    for (const pod of fresh) {
      const old = pods.find(({ host }) => host === pod.host)!;
      expect(old.toldUs).toBe(pod.readyUs);
    }
  });
});
