import { describe, expect, it } from 'vitest';
import {
  PodCensus,
  highestProposal,
  replicasForPods,
  replicasForTotal,
  replicasForValue,
} from '../../../src/autoscaling/hpa/replica-calculator.ts';
import type { PodTarget } from '../../../src/autoscaling/hpa/replica-calculator.ts';
import type { ScaledPod } from '../../../src/autoscaling/hpa/scaled-pod.ts';

const S = 1_000_000;
const NOW_US = 1000 * S;
const TOLERANCE = { down: 0.1, up: 0.1 };
const HALF: PodTarget = { kind: 'utilization', percent: 50 };

/** A pod that asks for 1000 m, runs and was ready long ago. */
function pod(usedMilli: number, changes: Partial<ScaledPod> = {}): ScaledPod {
  return {
    phase: 'Running',
    isTerminating: false,
    startTimeUs: 0,
    ready: { status: 'True', sinceUs: 5 * S },
    request: 1000,
    sample: { value: usedMilli, atUs: NOW_US - 10 * S, windowUs: 15 * S },
    ...changes,
  };
}

function missing(): ScaledPod {
  const { sample: _sample, ...rest } = pod(0);
  return rest;
}

const pending = (): ScaledPod => pod(0, { phase: 'Pending' });

function planned(pods: readonly ScaledPod[], current = 4, target = HALF, isCpu = true) {
  const census = new PodCensus(target, isCpu, NOW_US);
  for (const one of pods) census.add(one);
  return replicasForPods(census, current, TOLERANCE)?.replicas;
}

function times(count: number, make: () => ScaledPod): ScaledPod[] {
  return Array.from({ length: count }, make);
}

describe('the replica calculator over pods (kubernetes.md 4.1, 6)', () => {
  it.each([
    [54, 4], // 54 / 50 = 1.08, within tolerance
    [55, 4], // 1.10, still within
    [56, 5], // ceil(1.12 x 4 = 4.48)
    [45, 4], // 0.90, within
    [44, 4], // ceil(0.88 x 4 = 3.52)
    [10, 1], // ceil(0.2 x 4 = 0.8)
    [200, 16],
  ])('plans for four pods at %i %% of their request, target 50 %%: %i', (percent, replicas) => {
    expect(planned(times(4, () => pod(percent * 10)))).toBe(replicas);
  });

  it('pitfall 8.13: utilisation is truncated to whole percent (4.1)', () => {
    // 1119 / 2000 = 55.95 % becomes 55 %: within tolerance
    expect(planned([pod(559), pod(560)], 2)).toBe(2);
    expect(planned([pod(560), pod(560)], 2)).toBe(3);
  });

  it('pitfall 8.13: pods without a sample count as idle on the way up, as busy on the way down (4.1)', () => {
    // 80 % of three: ratio 1.6; with one idle 60 %, 1.2; ceil(4.8)
    expect(planned([...times(3, () => pod(800)), missing()])).toBe(5);
    // 20 % of three: ratio 0.4; with one at 100 % (600 + 1000) / 4000 = 40 %, 0.8; ceil(3.2)
    expect(planned([...times(3, () => pod(200)), missing()])).toBe(4);
    // At exactly the target the missing one is left out: within tolerance
    expect(planned([...times(3, () => pod(500)), missing()])).toBe(4);
  });

  it('pitfall 8.13: unready pods count as idle on the way up and not at all on the way down (4.1)', () => {
    // 90 % of two: ratio 1.8; with two idle 45 %, 0.9: the direction turned round
    expect(planned([pod(900), pod(900), pending(), pending()])).toBe(4);
    // 20 % of two: ceil(0.4 x 2)
    expect(planned([pod(200), pod(200), pending(), pending()])).toBe(1);
  });

  it('pitfall 8.13: a pending pod is unready for every metric, readiness counts for CPU alone (4.1)', () => {
    const notReady = pod(0, { ready: { status: 'False', sinceUs: 5 * S } });
    const average: PodTarget = { kind: 'average', value: 500 };
    // CPU: 900 of one ready, one unready: ratio 1.8, with the idle one 0.9: turned round
    expect(planned([pod(900), notReady], 2, average)).toBe(2);
    // Another resource: both are ready, mean 450, ratio 0.9: within
    expect(planned([pod(900), notReady], 2, average, false)).toBe(2);
    expect(planned([pod(1200), notReady], 2, average, false)).toBe(3); // 600 / 500 = 1.2, x 2
    expect(planned([pod(1200), pending()], 2, average, false)).toBe(3); // 2.4, with one idle 1.2
  });

  it('changes nothing when the plan goes against the ratio', () => {
    // 10 pods ready while only 4 are asked for: ceil(0.6 x 11 = 6.6) = 7 would be more, on low usage.
    expect(planned([...times(10, () => pod(230)), missing()])).toBe(4);
  });

  it('has no answer without a ready sample, or where any container states no request', () => {
    expect(planned([missing(), pending()])).toBe(undefined);
    expect(planned([])).toBe(undefined);
    const { request: _request, ...rest } = pod(0, { isTerminating: true });
    expect(planned([pod(900), { ...rest, request: undefined }])).toBe(undefined);
  });

  it('ignores pods that are being deleted or failed', () => {
    expect(
      planned([pod(800), pod(0, { isTerminating: true }), pod(0, { phase: 'Failed' })], 1),
    ).toBe(2);
  });
});

describe('the replica calculator over values that pods share', () => {
  it('holds a value against its target, by the pods that are ready', () => {
    const pods = { count: 4, ready: 3 };
    expect(replicasForValue(200, 100, 4, TOLERANCE, pods)?.replicas).toBe(6); // 2 x 3
    expect(replicasForValue(110, 100, 4, TOLERANCE, pods)?.replicas).toBe(4); // within
    expect(replicasForValue(250, 100, 0, TOLERANCE, { count: 0, ready: 0 })?.replicas).toBe(3);
    expect(replicasForValue(200, 100, 4, TOLERANCE, { count: 0, ready: 0 })).toBe(undefined);
  });

  it('shares a total out', () => {
    expect(replicasForTotal(1000, 100, 4, TOLERANCE).replicas).toBe(10);
    expect(replicasForTotal(430, 100, 4, TOLERANCE).replicas).toBe(4); // 4.3 / 4 = 1.075: within
  });
});

describe('several metrics', () => {
  const of = (replicas: number) => ({ replicas, usage: 0, utilization: 0 });

  it('follow the highest proposal', () => {
    expect(highestProposal([of(2), of(7), of(3)], 5)).toBe(7);
  });

  it('do not shrink anything while one of them is missing', () => {
    expect(highestProposal([of(2), undefined], 5)).toBe(undefined);
    expect(highestProposal([of(8), undefined], 5)).toBe(8);
    expect(highestProposal([undefined], 5)).toBe(undefined);
  });
});
