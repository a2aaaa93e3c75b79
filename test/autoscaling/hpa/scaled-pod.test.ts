import { describe, expect, it } from 'vitest';
import { groupOf } from '../../../src/autoscaling/hpa/scaled-pod.ts';
import type { ScaledPod } from '../../../src/autoscaling/hpa/scaled-pod.ts';

const S = 1_000_000;
const NOW_US = 10_000 * S;

function pod(ageS: number, changes: Partial<ScaledPod>): ScaledPod {
  return {
    phase: 'Running',
    isTerminating: false,
    startTimeUs: NOW_US - ageS * S,
    request: 1,
    sample: { value: 1, atUs: NOW_US - 20 * S, windowUs: 15 * S },
    ...changes,
  };
}

const ready = (agoS: number) => ({ status: 'True' as const, sinceUs: NOW_US - agoS * S });
const notReady = (agoS: number) => ({ status: 'False' as const, sinceUs: NOW_US - agoS * S });

describe('what a HorizontalPodAutoscaler takes a pod for (kubernetes.md 4.1)', () => {
  it.each([
    ['ready since before the sample began, in its first 5 minutes', 200, ready(36), 'ready'],
    ['ready since the instant the sample began', 200, ready(35), 'ready'],
    ['ready since later than the sample began', 200, ready(34), 'unready'],
    ['not ready in its first 5 minutes', 200, notReady(100), 'unready'],
    ['old and just ready', 301, ready(1), 'ready'],
    ['old and not ready any more', 1000, notReady(10), 'ready'],
    ['old and never ready', 1000, notReady(971), 'unready'],
    ['old and ready for a while 30 s after its start', 1000, notReady(970), 'ready'],
    ['without a condition', 1000, undefined, 'unready'],
  ] as const)('CPU: a pod %s is %#', (_text, ageS, condition, group) => {
    const one = pod(ageS, condition === undefined ? {} : { ready: condition });
    expect(groupOf(one, true, NOW_US)).toBe(group);
    expect(groupOf(one, false, NOW_US)).toBe('ready');
  });

  it('asks in order: deleted or failed, pending, without a sample', () => {
    const { sample: _sample, ...bare } = pod(1000, { ready: ready(900) });
    expect(groupOf({ ...bare, phase: 'Failed' }, true, NOW_US)).toBe('ignored');
    expect(groupOf({ ...bare, phase: 'Pending', isTerminating: true }, true, NOW_US)).toBe(
      'ignored',
    );
    expect(groupOf({ ...bare, phase: 'Pending' }, true, NOW_US)).toBe('unready');
    expect(groupOf({ ...bare, phase: 'Succeeded' }, true, NOW_US)).toBe('missing');
  });
});
