import { describe, expect, it } from 'vitest';
import {
  backOffUs,
  failureOf,
  failuresAfter,
  indexFailureOf,
  isComplete,
  meetsSuccessRule,
  missingIndexes,
  podsToMake,
  podsToRemove,
  wantedPods,
} from '../../../../src/orchestration/kubernetes/controllers/job-step.ts';
import { actionOnFailure } from '../../../../src/orchestration/kubernetes/controllers/pod-failure-policy.ts';
import { US_PER_SECOND } from '../../../../src/base/units.ts';
import type { IndexedPod } from '../../../../src/orchestration/kubernetes/controllers/job-step.ts';
import type { PodFailureRule } from '../../../../src/cluster/controller-specs.ts';

describe('how many pods a Job wants (kubernetes.md 3.5)', () => {
  it('is the parallelism, but no more than are left to succeed', () => {
    expect(wantedPods({ parallelism: 3, completions: 10 }, 0, 0)).toBe(3);
    expect(wantedPods({ parallelism: 3, completions: 10 }, 0, 8)).toBe(2);
    expect(wantedPods({ parallelism: 3, completions: 10 }, 0, 11)).toBe(0);
  });

  it('is the parallelism of a work queue until a pod succeeded, then those that are left', () => {
    expect(wantedPods({ parallelism: 4 }, 2, 0)).toBe(4);
    expect(wantedPods({ parallelism: 4 }, 2, 1)).toBe(2);
    expect([isComplete({ parallelism: 4 }, 0, 1), isComplete({ parallelism: 4 }, 1, 1)]).toEqual([
      true,
      false,
    ]);
  });

  it('counts pods that are leaving only where failed pods alone are replaced, and is 500 a sync at most', () => {
    expect(podsToMake(3, 1, 0)).toBe(2);
    expect(podsToMake(3, 1, 1)).toBe(1);
    expect(podsToMake(3_000, 0, 0)).toBe(500);
  });
});

it('backs off 10 s, 20 s, 40 s ... 10 min by failures since the last success (kubernetes.md 3.5)', () => {
  const seconds = [0, 1, 2, 3, 6, 7, 8, 50].map((n) => backOffUs(n) / US_PER_SECOND);
  expect(seconds).toEqual([0, 10, 20, 40, 320, 600, 600, 600]);
});

it('counts failures after the last success alone', () => {
  const before = { failures: 3, lastUs: 7 };
  expect(failuresAfter(before, [], [])).toEqual(before);
  expect(failuresAfter(before, [], [8, 9])).toEqual({ failures: 5, lastUs: 9 });
  expect(failuresAfter(before, [8], [])).toEqual({ failures: 0, lastUs: 0 });
  expect(failuresAfter(before, [8], [7, 8, 9])).toEqual({ failures: 1, lastUs: 9 });
});

describe('a Job has failed (kubernetes.md 3.5)', () => {
  const limits = { backoffLimit: 6, activeDeadlineUs: 100 };
  const calm = { failed: 0, restarts: 0, restartsInPlace: false, activeForUs: 0 };

  it('when more pods failed than the limit', () => {
    expect(failureOf(limits, { ...calm, failed: 6 })).toBeUndefined();
    expect(failureOf(limits, { ...calm, failed: 7 })).toBe('backoff-limit');
  });

  it('when containers were restarted in place as often as the limit, or once where it is 0', () => {
    const restless = { ...calm, restartsInPlace: true };
    expect(failureOf(limits, { ...restless, restarts: 5 })).toBeUndefined();
    expect(failureOf(limits, { ...restless, restarts: 6 })).toBe('backoff-limit');
    const strict = { ...limits, backoffLimit: 0 };
    expect(failureOf(strict, restless)).toBeUndefined();
    expect(failureOf(strict, { ...restless, restarts: 1 })).toBe('backoff-limit');
    expect(failureOf(limits, { ...calm, restarts: 6 })).toBeUndefined();
  });

  it('when it was active up to its deadline', () => {
    expect(failureOf(limits, { ...calm, activeForUs: 99 })).toBeUndefined();
    expect(failureOf(limits, { ...calm, activeForUs: 100 })).toBe('deadline');
  });

  it('when too many indexes failed, or no index is left to try', () => {
    expect(indexFailureOf(2, 0, 5, 2)).toBeUndefined();
    expect(indexFailureOf(3, 0, 5, 2)).toBe('failed-indexes');
    expect(indexFailureOf(1, 4, 5)).toBe('failed-indexes');
    expect(indexFailureOf(0, 5, 5)).toBeUndefined();
  });
});

describe('which pods of a Job go (kubernetes.md 3.5)', () => {
  const pod = (index: number, readyUs: number): IndexedPod => ({
    index,
    uid: '',
    isAssigned: true,
    phase: 2,
    isReady: true,
    deletionCost: 0,
    colocated: 0,
    readyUs,
    createdUs: 0,
    restarts: 0,
    sidecarRestarts: 0,
  });
  const removed = (pods: readonly IndexedPod[], excess: number, completions?: number) =>
    podsToRemove(pods, excess, completions).map(({ index, readyUs }) => [index, readyUs]);

  it('are the newest of the excess', () => {
    expect(removed([pod(0, 5), pod(1, 9), pod(2, 7)], 2)).toEqual([
      [1, 9],
      [2, 7],
    ]);
  });

  it('are pods of an index out of range and the newer ones of an index taken twice', () => {
    expect(removed([pod(1, 5), pod(3, 1), pod(1, 9)], 0, 3)).toEqual([
      [3, 1],
      [1, 9],
    ]);
  });
});

it('makes the lowest missing indexes first', () => {
  expect(missingIndexes(2, 5, (index) => index === 0 || index === 2)).toEqual([1, 3]);
  expect(missingIndexes(9, 3, (index) => index === 1)).toEqual([0, 2]);
});

it('ends early, as done, when a success rule holds', () => {
  const listed = [{ succeededIndexes: '0,2-4' }];
  expect(meetsSuccessRule(listed, 5, new Set([0, 2, 3]))).toBe(false);
  expect(meetsSuccessRule(listed, 5, new Set([0, 2, 3, 4]))).toBe(true);
  const two = [{ succeededIndexes: '0,2-4', succeededCount: 2 }];
  expect(meetsSuccessRule(two, 5, new Set([1, 2]))).toBe(false);
  expect(meetsSuccessRule(two, 5, new Set([0, 2]))).toBe(true);
  expect(meetsSuccessRule([{ succeededCount: 2 }], 5, new Set([1, 3]))).toBe(true);
});

describe('the failure policy of a Job (kubernetes.md 3.5)', () => {
  const rules: PodFailureRule[] = [
    { action: 'Ignore', tests: [{ kind: 'condition', type: 'DisruptionTarget', status: 'True' }] },
    {
      action: 'FailJob',
      tests: [{ kind: 'exit-codes', container: 'main', operator: 'In', codes: [42] }],
    },
    {
      action: 'FailIndex',
      tests: [{ kind: 'exit-codes', container: '', operator: 'NotIn', codes: [1] }],
    },
  ];
  const exit = (container: string, code: number) =>
    actionOnFailure(rules, { exitCodes: [{ container, code }], conditions: [] });

  it('takes the first rule that holds, and counts the failure when none does', () => {
    expect([exit('main', 42), exit('side', 42), exit('main', 1)]).toEqual([
      'FailJob',
      'FailIndex',
      'Count',
    ]);
    expect(exit('main', 0)).toBe('Count');
  });

  it('can ignore pods that were disrupted', () => {
    const conditions = [{ type: 'DisruptionTarget', status: 'True' }];
    expect(actionOnFailure(rules, { exitCodes: [], conditions })).toBe('Ignore');
  });
});
