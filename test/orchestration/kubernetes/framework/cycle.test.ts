import { describe, expect, it } from 'vitest';
import { BARE } from '../../../../src/orchestration/kubernetes/framework/surroundings.ts';
import { NominatedPods } from '../../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { SchedulingCycle } from '../../../../src/orchestration/kubernetes/framework/cycle.ts';
import { node, pod, snapshotOf } from './pods-and-nodes.ts';
import { profileOf } from '../../../../src/orchestration/kubernetes/framework/profile.ts';
import type {
  CycleSettings,
  Placement,
  Unfit,
} from '../../../../src/orchestration/kubernetes/framework/cycle.ts';
import type { NodeInfo } from '../../../../src/orchestration/kubernetes/framework/node-info.ts';
import type { PodInfo } from '../../../../src/orchestration/kubernetes/framework/pod-info.ts';

const SETTINGS: CycleSettings = { profile: profileOf(), percentage: 0 };

function cycleOf(settings: Partial<CycleSettings> = {}, nominated = new NominatedPods()) {
  const cycle = new SchedulingCycle({ ...SETTINGS, ...settings }, nominated);
  return {
    cycle,
    run: (incoming: PodInfo, nodes: readonly NodeInfo[]) =>
      cycle.run(incoming, snapshotOf(nodes), BARE),
  };
}

function placed(outcome: { kind: string }): Placement {
  expect(outcome.kind).toBe('placed');
  return outcome as Placement;
}

function unfit(outcome: { kind: string }): Unfit {
  expect(outcome.kind).toBe('unfit');
  return outcome as Unfit;
}

function nodesOf(count: number): NodeInfo[] {
  return Array.from({ length: count }, (_, i) => node(`n${i}`));
}

describe('a scheduling cycle', () => {
  it('has no answer for an empty cluster, which is no refusal by any plugin (1.3 step 3)', () => {
    expect(cycleOf().run(pod('p'), []).kind).toBe('no-nodes');
  });

  it('pitfall 8.1: among equals takes the first of a pre-order walk, by draws up to 1.34 (1.6)', () => {
    const [full, , ...rest] = nodesOf(7);
    const nodes = [full!, node('busy'), ...rest];
    for (const one of nodes.slice(0, 2))
      one.add(pod(`on ${one.node.name}`, { requests: { cpu: 2000 } }));
    // Of 2, 3, 4, 5, 6 the walk 0,1,3,4,2,5,6 meets 3 first.
    const incoming = pod('p', { requests: { cpu: 1000 } });
    expect(placed(cycleOf().run(incoming, nodes)).node).toBe(nodes[3]);
    // Draws of almost 1 keep the first of the equals.
    expect(placed(cycleOf({ draw: () => 0.999 }).run(incoming, nodes)).node).toBe(nodes[2]);
    expect(placed(cycleOf({ draw: () => 0 }).run(incoming, nodes)).node).toBe(nodes[6]);
  });

  it('takes the only feasible node without a score (1.3 step 7)', () => {
    const nodes = [node('a'), node('b', {}, { isUnschedulable: true })];
    const profile = profileOf();
    const failing = { name: 'ImageLocality' as const, score: () => 1000 };
    const strict = { ...profile, scores: [{ plugin: failing, weight: 1 }] };
    expect(placed(cycleOf({ profile: strict }).run(pod('p'), nodes))).toEqual({
      kind: 'placed',
      node: nodes[0],
      evaluated: 2,
      feasible: 1,
    });
  });

  it('names of each node the first plugin that refused it, and tells all of these as rejectors (1.4)', () => {
    const nodes = [
      node('cordoned', { disk: 'hdd' }, { isUnschedulable: true }),
      node('other', { disk: 'hdd' }),
      node('small', { disk: 'ssd' }, { allocatable: { cpu: 100, memory: 1e9, pods: 9 } }),
    ];
    const incoming = pod('p', { nodeSelector: { disk: 'ssd' }, requests: { cpu: 1000 } });
    const { refusals, rejectors } = unfit(cycleOf().run(incoming, nodes));
    expect([...refusals].map(([name, { plugin, code }]) => [name, plugin, code])).toEqual([
      ['cordoned', 'NodeUnschedulable', 'UnschedulableAndUnresolvable'],
      ['other', 'NodeAffinity', 'UnschedulableAndUnresolvable'],
      ['small', 'NodeResourcesFit', 'UnschedulableAndUnresolvable'],
    ]);
    expect([...rejectors]).toEqual(['NodeUnschedulable', 'NodeAffinity', 'NodeResourcesFit']);
  });
});

describe('the window of a cycle', () => {
  it('pitfall 8.5: starts where feasible and refused nodes of the search before end, modulo all nodes (1.4)', () => {
    const nodes = nodesOf(250);
    nodes[3]!.add(pod('big', { requests: { cpu: 4000 } }));
    const { cycle, run } = cycleOf();
    const incoming = pod('p', { requests: { cpu: 100 } });
    // 250 nodes: 48 %, that is 120; with the refused one 121 are looked at, and the 122nd stops the search.
    const first = placed(run(incoming, nodes));
    expect([first.evaluated, first.feasible, cycle.nextStart]).toEqual([121, 120, 121]);
    // From 121 the 120 nodes up to 240.
    placed(run(incoming, nodes));
    expect(cycle.nextStart).toBe(241);
    // 9 to the end, then 0 to 111 with the refused one: 121 more.
    placed(run(incoming, nodes));
    expect(cycle.nextStart).toBe((241 + 121) % 250);
  });

  it('pitfall 8.5: never looks for fewer than 100 (1.4)', () => {
    const { cycle, run } = cycleOf({ percentage: 10 });
    placed(run(pod('p'), nodesOf(200)));
    expect(cycle.nextStart).toBe(100);
  });

  it('looks for one node where nothing scores (1.4)', () => {
    const profile = { ...profileOf(), scores: [] };
    const { cycle, run } = cycleOf({ profile });
    expect(placed(run(pod('p'), nodesOf(4))).feasible).toBe(1);
    expect(cycle.nextStart).toBe(1);
  });

  it('pitfall 8.5: is not moved by a pod that its nominated node takes, without a score (1.3 step 5)', () => {
    const nodes = nodesOf(5);
    nodes[4]!.add(pod('busy', { requests: { cpu: 3000 } }));
    const { cycle, run } = cycleOf();
    const outcome = placed(
      run(pod('p', { requests: { cpu: 500 } }, { nominatedNode: 'n4' }), nodes),
    );
    expect(outcome).toEqual({ kind: 'placed', node: nodes[4], evaluated: 1, feasible: 1 });
    expect(cycle.nextStart).toBe(0);
  });

  it('counts a nominated node that refuses and is not met again (1.4)', () => {
    const nodes = nodesOf(250);
    nodes[240]!.add(pod('big', { requests: { cpu: 4000 } }));
    const { cycle, run } = cycleOf();
    const incoming = pod('p', { requests: { cpu: 100 } }, { nominatedNode: 'n240' });
    expect(placed(run(incoming, nodes)).evaluated).toBe(121);
    expect(cycle.nextStart).toBe(121);
  });

  it('takes in only nodes that PreFilter names, and counts modulo all (1.3 step 4)', () => {
    const nodes = nodesOf(3);
    const field = { key: 'metadata.name', operator: 'In' as const, values: ['n2'] };
    const incoming = pod('p', {
      template: { requiredNodeTerms: [{ expressions: [], fields: [field] }] },
    });
    const { cycle, run } = cycleOf();
    expect(placed(run(incoming, nodes)).node).toBe(nodes[2]);
    expect(cycle.nextStart).toBe(1);
    const absent = pod('p', {
      template: {
        requiredNodeTerms: [{ expressions: [], fields: [{ ...field, values: ['gone'] }] }],
      },
    });
    const { refusals, ofOthers, rejectors } = unfit(run(absent, nodes));
    expect(refusals.size).toBe(0);
    expect(ofOthers.code).toBe('UnschedulableAndUnresolvable');
    expect([...rejectors]).toEqual(['NodeAffinity']);
    expect(cycle.nextStart).toBe(1);
  });
});

describe('a pod that waits for its nominated node', () => {
  function nominating(priority: number): { nodes: NodeInfo[]; nominated: NominatedPods } {
    const nominated = new NominatedPods();
    nominated.add(pod('waiting', { priority, requests: { cpu: 3000 } }), 'n0');
    return { nodes: nodesOf(1), nominated };
  }
  const incoming = pod('p', { priority: 10, requests: { cpu: 2000 } });

  it('pitfall 8.9: holds its place against pods of the same and of lower priority (1.4)', () => {
    for (const priority of [10, 11]) {
      const { nodes, nominated } = nominating(priority);
      const { refusals } = unfit(cycleOf({}, nominated).run(incoming, nodes));
      expect(refusals.get('n0')!.plugin).toBe('NodeResourcesFit');
    }
  });

  it('pitfall 8.9: gives way to pods of higher priority (1.4)', () => {
    const { nodes, nominated } = nominating(9);
    expect(placed(cycleOf({}, nominated).run(incoming, nodes)).node).toBe(nodes[0]);
  });

  it('does not stand in its own way', () => {
    const nominated = new NominatedPods();
    nominated.add(incoming, 'n0');
    expect(placed(cycleOf({}, nominated).run(incoming, nodesOf(1))).feasible).toBe(1);
  });

  it('is forgotten when it is removed or nominated elsewhere', () => {
    const nominated = new NominatedPods();
    nominated.add(incoming, 'n0');
    nominated.add(incoming, 'n1');
    expect(nominated.on('n0')).toEqual([]);
    expect(nominated.on('n1')).toEqual([incoming]);
    nominated.remove(incoming.uid);
    expect(nominated.on('n1')).toEqual([]);
  });
});
