import { describe, expect, it } from 'vitest';
import { PLAIN_POD } from '../../../../src/cluster/pod-template.ts';
import {
  oomScore,
  oomScoreAdjust,
  qosOf,
} from '../../../../src/orchestration/kubernetes/node/oom-score.ts';
import { plainTaskSpec } from '../../../../src/cluster/spec.ts';
import { rankForEviction } from '../../../../src/orchestration/kubernetes/node/eviction-rank.ts';
import type { Amounts } from '../../../../src/cluster/pod-template.ts';

const pod = (name: string, priority: number, use: number, request: number) => ({
  name,
  priority,
  use,
  request,
});
const names = (pods: Parameters<typeof rankForEviction>[0]) =>
  rankForEviction(pods as ReturnType<typeof pod>[]).map(({ name }) => name);

describe('whom a kubelet evicts first (kubernetes.md 2.8)', () => {
  it('takes use above the request before priority, and looks at no QoS class', () => {
    expect(names([pod('modest', -5, 90, 100), pod('greedy', 10, 101, 100)])).toEqual([
      'greedy',
      'modest',
    ]);
  });

  it('then the lower priority, then the larger use above the request', () => {
    expect(
      names([
        pod('a', 5, 300, 100),
        pod('b', 0, 120, 100),
        pod('c', 0, 150, 100),
        pod('d', 0, 50, 0),
      ]),
    ).toEqual(['c', 'd', 'b', 'a']);
  });

  it('spares pods of system priority, however much they take', () => {
    expect(names([pod('system', 2_000_000_000, 900, 0), pod('web', 0, 1, 100)])).toEqual(['web']);
  });

  it('ranks for process ids as for a request of nothing: priority, then their number', () => {
    expect(names([pod('few', 0, 10, 0), pod('many', 0, 500, 0), pod('low', -1, 1, 0)])).toEqual([
      'low',
      'many',
      'few',
    ]);
  });
});

describe('oom_score_adj (kubernetes.md 2.9)', () => {
  const capacity = 16_000;

  it('is -997 for Guaranteed and node-critical pods and 1000 for BestEffort', () => {
    expect(oomScoreAdjust('Guaranteed', 0, 8_000, capacity)).toBe(-997);
    expect(oomScoreAdjust('Burstable', 2_000_001_000, 10, capacity)).toBe(-997);
    expect(oomScoreAdjust('BestEffort', 0, 0, capacity)).toBe(1_000);
  });

  it('falls with the share of the node that a Burstable pod asks for, from 999 to 3', () => {
    expect(oomScoreAdjust('Burstable', 0, 4_000, capacity)).toBe(750); // 1000 - 1000 x 4000 div 16000
    expect(oomScoreAdjust('Burstable', 0, 0, capacity)).toBe(999);
    expect(oomScoreAdjust('Burstable', 0, 16_000, capacity)).toBe(3);
    expect(oomScoreAdjust('Burstable', 0, 33, capacity)).toBe(998); // 33000 div 16000 = 2
  });

  it('is added to what is in use: a small BestEffort pod goes before a large Guaranteed one', () => {
    expect(oomScore(1_000, 160, capacity)).toBe(1_010);
    expect(oomScore(-997, 12_000, capacity)).toBe(-247);
  });
});

describe('the QoS class of a pod', () => {
  const spec = plainTaskSpec('web', 'service', 128_000, 1_000);
  const withContainers = (...parts: [requests: Amounts, limits: Amounts][]) => ({
    ...spec,
    pod: {
      ...PLAIN_POD,
      containers: parts.map(([requests, limits], i) => ({
        name: `c${i}`,
        image: '',
        requests,
        limits,
        hostPorts: [],
        isSidecar: false,
      })),
    },
  });
  const both = { cpu: 100, memory: 1_000 };

  it('is Guaranteed only when every container is bounded by what it asks for', () => {
    expect(qosOf(withContainers([both, both]), Infinity)).toBe('Guaranteed');
    expect(qosOf(withContainers([both, both], [{ cpu: 1 }, {}]), Infinity)).toBe('Burstable');
    expect(qosOf(withContainers([both, { cpu: 100, memory: 2_000 }]), Infinity)).toBe('Burstable');
    expect(qosOf(withContainers([{}, {}]), Infinity)).toBe('BestEffort');
  });

  it('of a pod without a template follows its own requests and limits', () => {
    expect(qosOf(spec, Infinity)).toBe('Burstable');
    const bounded = { ...spec, usage: { ...spec.usage, limitTicks: 128_000 } };
    expect(qosOf(bounded, 1_000)).toBe('Guaranteed');
    expect(qosOf(plainTaskSpec('tiny', 'service', 0, 0), Infinity)).toBe('BestEffort');
  });
});
