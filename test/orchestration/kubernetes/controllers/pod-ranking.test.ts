import { describe, expect, it } from 'vitest';
import {
  PENDING_PHASE,
  RUNNING_PHASE,
  ageBucket,
  deletionCostOf,
  rankForDeletion,
  rankForRemoval,
} from '../../../../src/orchestration/kubernetes/controllers/pod-ranking.ts';
import { US_PER_DAY, US_PER_HOUR, US_PER_SECOND } from '../../../../src/base/units.ts';
import { goldenCases } from '../../../conformance/read-goldens.ts';
import { judgeRanking } from '../../../conformance/kubernetes/ranking-judge.ts';
import type { RankedPod } from '../../../../src/orchestration/kubernetes/controllers/pod-ranking.ts';

const NOW_US = 10 * US_PER_DAY;

interface Pod extends RankedPod {
  readonly name: string;
}

/** A ready pod, an hour old, that shares its node with no sibling. */
function pod(name: string, parts: Partial<RankedPod> = {}): Pod {
  return {
    name,
    uid: name,
    isAssigned: true,
    phase: RUNNING_PHASE,
    isReady: true,
    deletionCost: 0,
    colocated: 1,
    readyUs: NOW_US - US_PER_HOUR,
    createdUs: NOW_US - US_PER_HOUR,
    restarts: 0,
    sidecarRestarts: 0,
    ...parts,
  };
}

/** Names in the order of deletion, however the two stand before. */
function order(first: Pod, second: Pod, rank = rankForDeletion<Pod>): string[] {
  const there = rank([first, second], NOW_US).map(({ name }) => name);
  const back = rank([second, first], NOW_US).map(({ name }) => name);
  expect(back, 'the order in which the two stand before does not matter').toEqual(there);
  return there;
}

const ready = (agoUs: number) => ({ readyUs: NOW_US - agoUs });
const created = (agoUs: number) => ({ createdUs: NOW_US - agoUs });

describe('a ReplicaSet deletes first (kubernetes.md 3.2)', () => {
  it('(1) a pod without a node, even when the other one is not ready', () => {
    const homeless = pod('homeless', { isAssigned: false, phase: PENDING_PHASE, isReady: false });
    expect(order(pod('other', { phase: PENDING_PHASE, isReady: false }), homeless)[0]).toBe(
      'homeless',
    );
  });

  it('(2) a pending pod before an unknown one before a running one', () => {
    const [pending, unknown] = [pod('pending', { phase: 0 }), pod('unknown', { phase: 1 })];
    expect(order(unknown, pending)[0]).toBe('pending');
    expect(order(pod('running'), unknown)[0]).toBe('unknown');
  });

  it('(3) a pod that is not ready, even when it would cost more', () => {
    const unready = pod('unready', { isReady: false, deletionCost: 100 });
    expect(order(pod('ready'), unready)[0]).toBe('unready');
  });

  it('(4) the pod of lower deletion cost, even when the other one shares its node', () => {
    const cheap = pod('cheap', { deletionCost: -1 });
    expect(order(pod('crowded', { colocated: 3 }), cheap)[0]).toBe('cheap');
  });

  it('(5) the pod that shares its node with more siblings, even when it is older', () => {
    const crowded = pod('crowded', { colocated: 2, ...ready(US_PER_DAY) });
    expect(order(pod('alone'), crowded)[0]).toBe('crowded');
  });

  it('pitfall 8.16: of ages in one bucket of log2 the lower uid, not the newest (3.2, 6)', () => {
    // 5,000 s and 7,200 s are both in bucket 42, 3,600 s is in bucket 41.
    const older = pod('a', ready(7_200 * US_PER_SECOND));
    const newer = pod('b', ready(5_000 * US_PER_SECOND));
    expect(order(older, newer)).toEqual(['a', 'b']);
    expect(order(older, pod('c', ready(3_600 * US_PER_SECOND)))).toEqual(['c', 'a']);
  });

  it('(6) a ready pod without a time of it before one with a time', () => {
    expect(order(pod('timed', ready(1)), pod('untimed', { readyUs: NaN }))[0]).toBe('untimed');
  });

  it('(7) the pod with more restarts, of sidecars when the containers are equal', () => {
    expect(order(pod('calm'), pod('restless', { restarts: 1 }))[0]).toBe('restless');
    expect(order(pod('calm'), pod('sidecar', { sidecarRestarts: 1 }))[0]).toBe('sidecar');
  });

  it('(8) the pod created later, by buckets too', () => {
    expect(order(pod('a', created(7_200e6)), pod('b', created(3_600e6)))[0]).toBe('b');
    expect(order(pod('a', created(7_200e6)), pod('b', created(5_000e6)))[0]).toBe('a');
  });
});

it('puts ages into the worked buckets (kubernetes.md 6)', () => {
  const seconds = [60, 120, 3_600, 5_000, 7_200, 86_400];
  const buckets = seconds.map((s) => ageBucket(s * US_PER_SECOND));
  expect(buckets).toEqual([35, 36, 41, 42, 42, 46]);
  expect([ageBucket(0), ageBucket(-5)]).toEqual([-1, -1]);
});

it('reads a deletion cost only from a plain whole number of 32 bits', () => {
  const cost = (text: string) =>
    deletionCostOf({ 'controller.kubernetes.io/pod-deletion-cost': text });
  expect(['5', '-7', '0', '+1', '007', 'many', '2147483648'].map(cost)).toEqual([
    5, -7, 0, 0, 0, 0, 0,
  ]);
});

describe('a Job removes first (kubernetes.md 3.5)', () => {
  it('the pod ready last, to the microsecond, whatever deletion costs and neighbours say', () => {
    const newer = pod('newer', ready(7_199 * US_PER_SECOND));
    const older = pod('older', { ...ready(7_200 * US_PER_SECOND), deletionCost: -1, colocated: 9 });
    expect(order(older, newer, (pods) => rankForRemoval(pods))).toEqual(['newer', 'older']);
  });
});

it('ranks all 400 recorded cases as the real ReplicaSet controller does', () => {
  const differences = [...goldenCases('ranking')].flatMap(({ index, input, output }) => {
    const difference = judgeRanking(input, output);
    return difference === undefined ? [] : [`case ${index}: ${difference}`];
  });
  expect(differences).toEqual([]);
});
