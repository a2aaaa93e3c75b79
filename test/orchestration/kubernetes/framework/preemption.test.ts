import { describe, expect, it } from 'vitest';
import { BARE } from '../../../../src/orchestration/kubernetes/framework/surroundings.ts';
import {
  DEFAULT_PREEMPTION,
  preempt,
} from '../../../../src/orchestration/kubernetes/framework/preemption.ts';
import { NominatedPods } from '../../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { SchedulingCycle } from '../../../../src/orchestration/kubernetes/framework/cycle.ts';
import { node, pod, selector, snapshotOf, term, HOST } from './pods-and-nodes.ts';
import { profileOf } from '../../../../src/orchestration/kubernetes/framework/profile.ts';
import type { DisruptionBudget } from '../../../../src/orchestration/kubernetes/framework/surroundings.ts';
import type { NodeInfo } from '../../../../src/orchestration/kubernetes/framework/node-info.ts';
import type { PodInfo } from '../../../../src/orchestration/kubernetes/framework/pod-info.ts';
import type { PreemptionSettings } from '../../../../src/orchestration/kubernetes/framework/preemption.ts';
import type { SpecWish } from './pods-and-nodes.ts';

interface Setting {
  readonly budgets?: readonly DisruptionBudget[];
  readonly nominated?: NominatedPods;
  readonly settings?: PreemptionSettings;
}

function preemptOn(incoming: PodInfo, nodes: readonly NodeInfo[], setting: Setting = {}) {
  const { budgets = [], nominated = new NominatedPods(), settings = DEFAULT_PREEMPTION } = setting;
  const around = { ...BARE, budgets };
  const snapshot = snapshotOf(nodes);
  const cycle = new SchedulingCycle({ profile: profileOf(), percentage: 0 }, nominated);
  const unfit = cycle.run(incoming, snapshot, around);
  if (unfit.kind !== 'unfit')
    throw new Error(`expected the pod to fit nowhere; found ${unfit.kind}`);
  return preempt(incoming, unfit, { snapshot, nominated, around }, settings);
}

/** A pod of two of the four cores that a node has. */
function half(name: string, wish: SpecWish = {}, startTimeUs = 0): PodInfo {
  return pod(name, { requests: { cpu: 2000 }, ...wish }, { startTimeUs });
}

/** A node full of pods. */
function full(name: string, ...pods: readonly PodInfo[]): NodeInfo {
  const one = node(name);
  for (const victim of pods) one.add(victim);
  return one;
}

const INCOMING = half('incoming', { priority: 100 });

/** `node: victims`, or what else came of it. */
function told(outcome: ReturnType<typeof preempt>): string {
  if (outcome.kind !== 'preempts') return outcome.kind;
  return `${outcome.node.node.name}: ${outcome.victims.map(({ name }) => name).join(' ')}`;
}

describe('who may preempt', () => {
  it('is no pod whose policy is Never (1.10)', () => {
    const template = { preemptionPolicy: 'Never' as const };
    const incoming = half('incoming', { priority: 100, template });
    expect(preemptOn(incoming, [full('a', half('x'), half('y'))])).toEqual({
      kind: 'ineligible',
      reason: 'not eligible due to preemptionPolicy=Never.',
    });
  });

  it('pitfall 8.9: waits while a victim on its nominated node is still stopping (1.10)', () => {
    const leaving = { ...half('x'), isTerminating: true, isPreempted: true };
    const waiting = { ...INCOMING, nominatedNode: 'a' };
    expect(told(preemptOn(waiting, [full('a', leaving, half('y'))]))).toBe('ineligible');
    // Stopping for another reason does not count.
    const stopping = { ...half('x'), isTerminating: true };
    expect(told(preemptOn(waiting, [full('a', stopping, half('y'))]))).toBe('a: y');
  });

  it('does not wait for a nominated node that no eviction makes fit (1.10)', () => {
    const waiting = { ...INCOMING, nominatedNode: 'a' };
    const leaving = { ...half('x'), isTerminating: true, isPreempted: true };
    const cordoned = node('a', {}, { isUnschedulable: true });
    cordoned.add(leaving);
    expect(told(preemptOn(waiting, [cordoned, full('b', half('y'), half('z'))]))).toBe('b: z');
  });
});

describe('where preemption may help', () => {
  it('pitfall 8.8: is no node that lacks what the pod asks for altogether (1.14)', () => {
    const tiny = node('tiny', {}, { allocatable: { cpu: 1000, memory: 1e9, pods: 9 } });
    tiny.add(pod('x', { requests: { cpu: 500 } }));
    expect(told(preemptOn(INCOMING, [tiny]))).toBe('no-candidate');
  });

  it('is no node whose pods are as important (1.10)', () => {
    const equal = { priority: 100 };
    expect(told(preemptOn(INCOMING, [full('a', half('x', equal), half('y', equal))]))).toBe(
      'no-candidate',
    );
  });

  it('is no node where the pod needs a victim to stay (1.10)', () => {
    const likes = half('incoming', {
      priority: 100,
      template: { affinity: { required: [term(HOST)], preferred: [] } },
    });
    const web = { labels: { app: 'web' } };
    expect(told(preemptOn(likes, [full('a', half('x', web), half('y', web))]))).toBe(
      'no-candidate',
    );
  });
});

describe('victims on a node', () => {
  it('are as few and as unimportant as will do: lower priority, then later start (1.10)', () => {
    expect(
      told(preemptOn(INCOMING, [full('a', half('low'), half('high', { priority: 50 }))])),
    ).toBe('a: low');
    expect(told(preemptOn(INCOMING, [full('a', half('late', {}, 9), half('early', {}, 5))]))).toBe(
      'a: late',
    );
    const unstarted = { ...half('unstarted'), startTimeUs: NaN };
    expect(told(preemptOn(INCOMING, [full('a', unstarted, half('old', {}, 5))]))).toBe(
      'a: unstarted',
    );
  });

  it('stand in order of importance, those that break a budget among the others (1.10)', () => {
    const large = pod('incoming', { priority: 100, requests: { cpu: 4000 } });
    const budget = {
      namespace: 'default',
      selector: selector({ app: 'web' }),
      disruptionsAllowed: 0,
      disrupted: new Set<string>(),
    };
    const nodes = [
      full('a', half('kept', { labels: { app: 'web' } }), half('free', { priority: 50 })),
    ];
    expect(preemptOn(large, nodes, { budgets: [budget] })).toMatchObject({
      victims: [{ name: 'free' }, { name: 'kept' }],
      violations: 1,
    });
  });

  it('pitfall 8.9: are spared by a budget only while others will do: budgets are soft (1.10)', () => {
    const budget = {
      namespace: 'default',
      selector: selector({ app: 'web' }),
      disruptionsAllowed: 0,
      disrupted: new Set<string>(),
    };
    const web = { labels: { app: 'web' } };
    const choice = [full('a', half('web', web), half('other', { priority: 50 }))];
    expect(told(preemptOn(INCOMING, choice, { budgets: [budget] }))).toBe('a: other');
    const none = [full('a', half('web', web), half('web too', web))];
    expect(preemptOn(INCOMING, none, { budgets: [budget] })).toMatchObject({
      kind: 'preempts',
      violations: 1,
    });
  });

  it('are covered by a budget that is not empty, in its namespace, and not disrupted already (1.10)', () => {
    const web = { labels: { app: 'web' } };
    const nodes = [full('a', half('x', web), half('y', web))];
    const budget = {
      namespace: 'default',
      selector: selector({ app: 'web' }),
      disruptionsAllowed: 0,
      disrupted: new Set<string>(),
    };
    const violations = (change: Partial<DisruptionBudget>): unknown =>
      preemptOn(INCOMING, nodes, { budgets: [{ ...budget, ...change }] });
    expect(violations({})).toMatchObject({ violations: 1 });
    expect(violations({ selector: selector({}) })).toMatchObject({ violations: 0 });
    expect(violations({ namespace: 'other' })).toMatchObject({ violations: 0 });
    expect(violations({ disrupted: new Set(['x', 'y']) })).toMatchObject({ violations: 0 });
    // One disruption is allowed: the more important of the two takes it, and the other is spared for it.
    expect(violations({ disruptionsAllowed: 1 })).toMatchObject({
      violations: 0,
      victims: [{ name: 'x' }],
    });
  });
});

describe('budgets that overlap', () => {
  it('are all used up by a pod, also where one of them is short already (1.10)', () => {
    const budget = (labels: Readonly<Record<string, string>>, disruptionsAllowed: number) => ({
      namespace: 'default',
      selector: selector(labels),
      disruptionsAllowed,
      disrupted: new Set<string>(),
    });
    const large = pod('incoming', { priority: 100, requests: { cpu: 4000 } });
    const first = half('first', { priority: 5, labels: { app: 'web', tier: 'front' } });
    const second = half('second', { labels: { tier: 'front' } });
    // The first breaks the first budget and uses up the second all the same, which the second pod then breaks.
    const budgets = [budget({ app: 'web' }, 0), budget({ tier: 'front' }, 1)];
    expect(preemptOn(large, [full('a', first, second)], { budgets })).toMatchObject({
      violations: 2,
    });
  });
});

describe('the node that is chosen', () => {
  const two = (name: string, a: PodInfo, b: PodInfo): NodeInfo => full(name, a, b);

  it('has the least important victim before the smallest sum of priorities (1.10)', () => {
    const large = pod('incoming', { priority: 100, requests: { cpu: 4000 } });
    const nodes = [
      two('a', half('a1', { priority: 50 }), half('a2', { priority: -5 })),
      two('b', half('b1', { priority: 49 }), half('b2', { priority: 49 })),
    ];
    expect(told(preemptOn(large, nodes))).toBe('b: b1 b2');
  });

  it('has the smallest sum of priorities, each above 0 by 2^31 (1.10)', () => {
    const large = pod('incoming', { priority: 100, requests: { cpu: 4000 } });
    const nodes = [
      two('a', half('a1', { priority: -1 }), half('a2', { priority: -5 })),
      full('b', pod('b1', { priority: -1, requests: { cpu: 4000 } })),
    ];
    expect(told(preemptOn(large, nodes))).toBe('b: b1');
  });

  it('pitfall 8.9: has the latest of the earliest starts of its most important victims (1.10)', () => {
    const large = pod('incoming', { priority: 100, requests: { cpu: 4000 } });
    const nodes = [
      two('a', half('a1', {}, 10), half('a2', {}, 90)),
      two('b', half('b1', {}, 20), half('b2', {}, 30)),
    ];
    expect(told(preemptOn(large, nodes))).toBe('b: b1 b2');
  });

  it('is the first of the snapshot among equals, or drawn (section 9)', () => {
    const nodes = [full('a', half('a1'), half('a2')), full('b', half('b1'), half('b2'))];
    expect(told(preemptOn(INCOMING, nodes))).toBe('a: a2');
    // The offset is 1 and so b comes first; of the two, the draw takes the second.
    const settings = { ...DEFAULT_PREEMPTION, draw: () => 0.5 };
    expect(told(preemptOn(INCOMING, nodes, { settings }))).toBe('a: a2');
  });

  it('is looked for on as many nodes as the arguments ask for, once one breaks no budget (1.10)', () => {
    const dear = { priority: 50 };
    const nodes = [
      full('a', half('a1', dear), half('a2', dear)),
      full('b', half('b1'), half('b2')),
    ];
    expect(told(preemptOn(INCOMING, nodes))).toBe('b: b2');
    const settings = { minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 1 };
    expect(told(preemptOn(INCOMING, nodes, { settings }))).toBe('a: a2');
  });

  it('loses its nominations of pods of lower priority (1.10)', () => {
    const nominated = new NominatedPods();
    const low = pod('low', { priority: 1 });
    const high = pod('high', { priority: 200 });
    for (const one of [low, high]) nominated.add(one, 'a');
    const outcome = preemptOn(INCOMING, [full('a', half('x'), half('y'))], { nominated });
    expect(outcome).toMatchObject({ kind: 'preempts', dismissed: [{ name: 'low' }] });
  });
});
