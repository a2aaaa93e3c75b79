import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BARE } from '../../../../../src/orchestration/kubernetes/framework/surroundings.ts';
import { CycleFilters } from '../../../../../src/orchestration/kubernetes/framework/cycle-filters.ts';
import { HOST, ZONE, node, pod, selector, spec, term } from '../pods-and-nodes.ts';
import { NominatedPods } from '../../../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { interPodAffinityFilter } from '../../../../../src/orchestration/kubernetes/framework/plugins/inter-pod-affinity-filter.ts';
import { interPodAffinityScore } from '../../../../../src/orchestration/kubernetes/framework/plugins/inter-pod-affinity-score.ts';
import { scoreNodes } from '../../../../../src/orchestration/kubernetes/framework/scores.ts';
import type {
  LabelSelector,
  PodTemplate,
  PodTerm,
  Weighted,
} from '../../../../../src/cluster/pod-template.ts';
import type { NodeInfo } from '../../../../../src/orchestration/kubernetes/framework/node-info.ts';
import type { PodAffinityArguments } from '../../../../../src/cluster/plugin-arguments.ts';
import type { PodInfo } from '../../../../../src/orchestration/kubernetes/framework/pod-info.ts';
import type { Surroundings } from '../../../../../src/orchestration/kubernetes/framework/surroundings.ts';

const FILTER = interPodAffinityFilter();
const NOBODY = new NominatedPods();
const WEB = spec({ labels: { app: 'web' } });
const DB = spec({ labels: { app: 'db' } });

const AROUND: Surroundings = {
  ...BARE,
  namespaces: new Map([
    ['default', {}],
    ['team-a', { team: 'a' }],
    ['team-b', { team: 'b' }],
  ]),
};

const requiring = (...required: readonly PodTerm[]): Partial<PodTemplate> => ({
  affinity: { required, preferred: [] },
});
const refusing = (...required: readonly PodTerm[]): Partial<PodTemplate> => ({
  antiAffinity: { required, preferred: [] },
});
const preferring = (...preferred: readonly Weighted<PodTerm>[]): Partial<PodTemplate> => ({
  affinity: { required: [], preferred },
});

function codes(incoming: PodInfo, nodes: readonly NodeInfo[]): (string | undefined)[] {
  const { state } = FILTER.preFilter!(incoming, nodes, AROUND);
  if (state === undefined) return nodes.map(() => 'skip');
  return nodes.map((one) => FILTER.filter(incoming, one, state, AROUND)?.code);
}

const DEFAULTS: PodAffinityArguments = {
  hardPodAffinityWeight: 1,
  ignoresPreferencesOfOthers: false,
};

function scores(incoming: PodInfo, nodes: readonly NodeInfo[], args = DEFAULTS) {
  const plugin = interPodAffinityScore(args);
  return scoreNodes([{ plugin, weight: 1 }], incoming, nodes, nodes, AROUND).plugins[0];
}

function twoZones(): NodeInfo[] {
  return [node('a', { [ZONE]: 'z1' }), node('b', { [ZONE]: 'z2' })];
}

const PASSES = undefined;
const LIFTABLE = 'Unschedulable';
const NEVER = 'UnschedulableAndUnresolvable';

describe('required affinity between pods', () => {
  it('asks for a pod that matches in the domain; preemption cannot bring one (1.8, 1.14)', () => {
    const nodes = [...twoZones(), node('c')];
    nodes[0]!.add(pod('there', WEB));
    const incoming = pod('incoming', { template: requiring(term(ZONE)) });
    expect(codes(incoming, nodes)).toEqual([PASSES, NEVER, NEVER]);
  });

  it('pitfall 8.7: counts only pods that all terms match, under the key of each (1.8)', () => {
    const nodes = twoZones();
    nodes[0]!.add(pod('half', WEB));
    const front = term(HOST, { selector: selector({ tier: 'front' }) });
    const incoming = pod('incoming', { template: requiring(term(ZONE), front) });
    expect(codes(incoming, nodes)).toEqual([NEVER, NEVER]);
    nodes[1]!.add(pod('whole', { labels: { app: 'web', tier: 'front' } }));
    expect(codes(incoming, nodes)).toEqual([NEVER, PASSES]);
  });

  it('pitfall 8.7: lets the first pod of a group in that likes itself, where the keys are (1.8)', () => {
    const nodes = [...twoZones(), node('c')];
    const first = pod('first', { labels: { app: 'web' }, template: requiring(term(ZONE)) });
    expect(codes(first, nodes)).toEqual([PASSES, PASSES, NEVER]);
    // A pod that matches, even on a node without the key's other zone, ends that.
    nodes[1]!.add(pod('second', WEB));
    expect(codes(first, nodes)).toEqual([NEVER, PASSES, NEVER]);
    const stranger = pod('stranger', { labels: { app: 'db' }, template: requiring(term(ZONE)) });
    expect(codes(stranger, twoZones())).toEqual([NEVER, NEVER]);
  });

  it('counts terminating pods, unlike topology spread (1.8)', () => {
    const nodes = twoZones();
    nodes[0]!.add(pod('leaving', WEB, { isTerminating: true }));
    expect(codes(pod('incoming', { template: requiring(term(ZONE)) }), nodes)).toEqual([
      PASSES,
      NEVER,
    ]);
  });
});

describe('required anti-affinity between pods', () => {
  it('keeps the pod away from those it names; preemption may help (1.8, 1.14)', () => {
    const nodes = twoZones();
    nodes[0]!.add(pod('there', WEB));
    expect(codes(pod('incoming', { template: refusing(term(ZONE)) }), nodes)).toEqual([
      LIFTABLE,
      PASSES,
    ]);
  });

  it('of others keeps the pod away in all their domains (1.8)', () => {
    const nodes = [...twoZones(), node('c', { [ZONE]: 'z1' })];
    nodes[0]!.add(pod('loner', { template: refusing(term(ZONE)) }));
    expect(codes(pod('incoming', WEB), nodes)).toEqual([LIFTABLE, PASSES, LIFTABLE]);
    expect(codes(pod('incoming', DB), nodes)).toEqual(['skip', 'skip', 'skip']);
  });
});

describe('namespaces of a term', () => {
  const incoming = (wish: Partial<PodTerm>): PodInfo =>
    pod('incoming', { template: refusing(term(ZONE, wish)) });
  const inTeam = (namespace: string): NodeInfo[] => {
    const nodes = twoZones();
    nodes[0]!.add(pod('there', { labels: { app: 'web' }, template: { namespace } }));
    return nodes;
  };
  const about = (namespaceSelector: LabelSelector): Partial<PodTerm> => ({ namespaceSelector });

  it('are the own one, the listed ones, or those that the selector matches (1.8)', () => {
    expect(codes(incoming({}), inTeam('team-a'))[0]).toBe(PASSES);
    expect(codes(incoming({ namespaces: ['team-a'] }), inTeam('team-a'))[0]).toBe(LIFTABLE);
    expect(codes(incoming(about(selector({ team: 'a' }))), inTeam('team-a'))[0]).toBe(LIFTABLE);
    expect(codes(incoming(about(selector({ team: 'a' }))), inTeam('team-b'))[0]).toBe(PASSES);
    expect(codes(incoming(about(selector({}))), inTeam('team-b'))[0]).toBe(LIFTABLE);
  });

  it('are all where the selector of the incoming pod matches no labels (quirk of 1.36, 1.8)', () => {
    const notB = {
      matchLabels: {},
      matchExpressions: [{ key: 'team', operator: 'NotIn' as const, values: ['b'] }],
    };
    expect(codes(incoming(about(notB)), inTeam('team-b'))[0]).toBe(LIFTABLE);
  });

  it('follow the selector of a pod on a node as it is written (1.8)', () => {
    const notB = {
      matchLabels: {},
      matchExpressions: [{ key: 'team', operator: 'NotIn' as const, values: ['b'] }],
    };
    const nodes = twoZones();
    nodes[0]!.add(pod('loner', { template: refusing(term(ZONE, about(notB))) }));
    const from = (namespace: string): PodInfo =>
      pod('incoming', { labels: { app: 'web' }, template: { namespace } });
    expect(codes(from('team-a'), nodes)).toEqual([LIFTABLE, PASSES]);
    expect(codes(from('team-b'), nodes)).toEqual(['skip', 'skip']);
  });
});

describe('affinity between pods in a what-if', () => {
  const kinds = [
    WEB,
    DB,
    spec({ labels: { app: 'web' }, template: refusing(term(ZONE)) }),
    spec({
      labels: { app: 'db' },
      template: refusing(term(HOST, { selector: selector({ app: 'db' }) })),
    }),
  ];
  const incomings = [
    pod('incoming', { labels: { app: 'web' }, template: requiring(term(ZONE)) }),
    pod('incoming', { labels: { app: 'web' }, template: refusing(term(ZONE), term(HOST)) }),
    pod('incoming', {
      labels: { app: 'db' },
      template: {
        ...requiring(term(ZONE), term(HOST, { selector: selector({}) })),
        ...refusing(term(HOST)),
      },
    }),
  ];
  const layout = fc.record({
    pods: fc.array(fc.tuple(fc.nat(4), fc.nat(3)), { maxLength: 8 }),
    node: fc.nat(4),
    incoming: fc.nat(2),
    changes: fc.array(fc.tuple(fc.nat(3), fc.boolean()), { maxLength: 8 }),
  });

  it('answers as if it had counted anew, whatever comes to and goes from one node', () => {
    fc.assert(
      fc.property(layout, ({ pods, node: at, incoming: which, changes }) => {
        const nodes = Array.from({ length: 5 }, (_, i) =>
          node(`n${i}`, i < 4 ? { [ZONE]: `z${i % 2}` } : {}),
        );
        for (const [i, [on, kind]] of pods.entries()) nodes[on]!.add(pod(`p${i}`, kinds[kind]));
        const incoming = incomings[which]!;
        const { filters } = CycleFilters.begin([FILTER], incoming, nodes, AROUND);
        const whatIf = filters.copy();
        const changed = nodes[at]!.clone();
        for (const [i, [kind, arrives]] of changes.entries()) {
          const leaving = changed.pods[0];
          if (arrives || leaving === undefined) whatIf.add(pod(`new${i}`, kinds[kind]), changed);
          else whatIf.remove(leaving, changed);
        }
        const anew = nodes.map((one, i) => (i === at ? changed : one));
        expect(anew.map((one) => whatIf.refusalOf(one, NOBODY)?.code)).toEqual(
          codes(incoming, anew),
        );
        expect(nodes.map((one) => filters.refusalOf(one, NOBODY)?.code)).toEqual(
          codes(incoming, nodes),
        );
      }),
      { seed: 87, numRuns: 200 },
    );
  });
});

describe('the score of affinity between pods', () => {
  it('pitfall 8.7: is normalised from the least to the most, not by the most (1.9)', () => {
    const nodes = [...twoZones(), node('c', { [ZONE]: 'z3' })];
    nodes[0]!.add(pod('one', WEB));
    nodes[1]!.add(pod('two', WEB));
    nodes[1]!.add(pod('three', WEB));
    nodes[2]!.add(pod('four', WEB));
    nodes[2]!.add(pod('five', WEB));
    nodes[2]!.add(pod('six', WEB));
    const incoming = pod('incoming', { template: preferring({ weight: 10, term: term(ZONE) }) });
    // 10, 20, 30: 100 * (raw - 10) / 20.
    expect(scores(incoming, nodes)).toMatchObject({ raw: [10, 20, 30], normalized: [0, 50, 100] });
  });

  it('divides first, then multiplies and truncates, in floating point (1.9)', () => {
    const nodes = [node('a'), node('b'), node('c')];
    const likes = (weight: number): Partial<PodTemplate> =>
      preferring({ weight, term: term(HOST) });
    nodes[1]!.add(pod('likes', { template: likes(29) }));
    nodes[2]!.add(pod('likes more', { template: likes(100) }));
    // 29 / 100 * 100 is 28.999999999999996 in doubles.
    expect(scores(pod('incoming', WEB), nodes)!.normalized).toEqual([0, 28, 100]);
  });

  it("pitfall 8.7: another pod's required affinity adds hardPodAffinityWeight, 1 by default (1.9)", () => {
    const nodes = twoZones();
    nodes[0]!.add(pod('needs', { template: requiring(term(ZONE)) }));
    const incoming = pod('incoming', WEB);
    expect(scores(incoming, nodes)!.raw).toEqual([1, 0]);
    expect(scores(incoming, nodes, { ...DEFAULTS, hardPodAffinityWeight: 5 })!.raw).toEqual([5, 0]);
    expect(scores(incoming, nodes, { ...DEFAULTS, hardPodAffinityWeight: 0 })).toBeUndefined();
  });

  it('takes off what anti-affinity prefers, of the pod and of others (1.9)', () => {
    const avoiding = {
      antiAffinity: { required: [], preferred: [{ weight: 7, term: term(ZONE) }] },
    };
    const nodes = twoZones();
    nodes[0]!.add(pod('avoids', { labels: { app: 'web' }, template: avoiding }));
    const incoming = pod('incoming', { labels: { app: 'web' }, template: avoiding });
    expect(scores(incoming, nodes)!.raw).toEqual([-14, 0]);
  });

  it('is skipped where nobody prefers anything, or others may not be asked (1.9)', () => {
    const nodes = twoZones();
    nodes[0]!.add(pod('indifferent', WEB));
    expect(scores(pod('incoming', WEB), nodes)).toBeUndefined();
    nodes[0]!.add(pod('likes', { template: preferring({ weight: 1, term: term(ZONE) }) }));
    expect(scores(pod('incoming', WEB), nodes)!.raw).toEqual([1, 0]);
    expect(
      scores(pod('incoming', WEB), nodes, { ...DEFAULTS, ignoresPreferencesOfOthers: true }),
    ).toBeUndefined();
  });
});
