import { describe, expect, it } from 'vitest';
import { statefulStep } from '../../../../src/orchestration/kubernetes/controllers/stateful-set-step.ts';
import type {
  StatefulOptions,
  StatefulPod,
} from '../../../../src/orchestration/kubernetes/controllers/stateful-set-step.ts';

const ORDERED: StatefulOptions = {
  replicas: 3,
  firstOrdinal: 0,
  isOrdered: true,
  updates: true,
  partition: 0,
};

function pod(ordinal: number, parts: Partial<StatefulPod> = {}): StatefulPod {
  return { ordinal, isTerminating: false, isAvailable: true, isCurrent: true, ...parts };
}

/** What is created, removed and updated, by ordinals. */
function step(pods: readonly StatefulPod[], options: Partial<StatefulOptions> = {}) {
  const { create, remove, update } = statefulStep(pods, { ...ORDERED, ...options });
  return { create, remove: remove.map(({ ordinal }) => ordinal), update: update?.ordinal };
}

const nothing = { create: [], remove: [], update: undefined };

describe('an ordered StatefulSet (kubernetes.md 3.3)', () => {
  it('creates one pod at a time, the lowest missing ordinal first', () => {
    expect(step([])).toEqual({ ...nothing, create: [0] });
    expect(step([pod(0), pod(2)])).toEqual({ ...nothing, create: [1] });
    expect(step([pod(5)], { firstOrdinal: 5 })).toEqual({ ...nothing, create: [6] });
  });

  it('waits for a pod that is not available before it looks at later ordinals', () => {
    expect(step([pod(0, { isAvailable: false })])).toEqual(nothing);
  });

  it('pitfall 8.19: waits until the object of a pod is gone before it makes its replacement (3.3)', () => {
    expect(step([pod(0), pod(1, { isTerminating: true }), pod(2)])).toEqual(nothing);
    expect(step([pod(0), pod(2)])).toEqual({ ...nothing, create: [1] });
  });

  it('removes the highest ordinal beyond the range, one at a time', () => {
    const pods = [0, 1, 2, 3, 4].map((ordinal) => pod(ordinal));
    expect(step(pods)).toEqual({ ...nothing, remove: [4] });
    expect(step([...pods.slice(0, 4), pod(4, { isTerminating: true })])).toEqual(nothing);
  });

  it('waits with a condemned pod that is not available, unless it is the first such one', () => {
    const broken = { isAvailable: false };
    const healthy = [pod(0), pod(1), pod(2)];
    expect(step([...healthy, pod(3, broken), pod(4, broken)])).toEqual(nothing);
    expect(step([...healthy, pod(3), pod(4, broken)])).toEqual({ ...nothing, remove: [4] });
  });
});

describe('a parallel StatefulSet (kubernetes.md 3.3)', () => {
  it('creates and removes all at once', () => {
    const pods = [pod(1), pod(3), pod(4, { isTerminating: true })];
    expect(step(pods, { isOrdered: false })).toEqual({ ...nothing, create: [0, 2], remove: [3] });
  });

  it('still updates one pod at a time', () => {
    const old = [0, 1, 2].map((ordinal) => pod(ordinal, { isCurrent: false }));
    expect(step(old, { isOrdered: false })).toEqual({ ...nothing, update: 2 });
  });
});

describe('an update of a StatefulSet (kubernetes.md 3.3)', () => {
  const old = { isCurrent: false };

  it('goes from the highest ordinal down', () => {
    expect(step([pod(0, old), pod(1, old), pod(2)])).toEqual({ ...nothing, update: 1 });
  });

  it('waits for the updated pod to be available', () => {
    const pods = [pod(0, old), pod(1, old), pod(2, { isAvailable: false })];
    expect(step(pods, { isOrdered: false })).toEqual(nothing);
  });

  it('ends at the partition', () => {
    expect(step([pod(0, old), pod(1, old), pod(2)], { partition: 2 })).toEqual(nothing);
  });

  it('never happens with OnDelete', () => {
    expect(step([pod(0, old), pod(1, old), pod(2, old)], { updates: false })).toEqual(nothing);
  });
});
