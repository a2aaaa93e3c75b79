import { describe, expect, it } from 'vitest';
import { BARE } from '../../../../../src/orchestration/kubernetes/framework/surroundings.ts';
import { DEFAULT_ARGUMENTS } from '../../../../../src/cluster/plugin-arguments.ts';
import { imageLocality } from '../../../../../src/orchestration/kubernetes/framework/plugins/image-locality.ts';
import { nodeAffinityScore } from '../../../../../src/orchestration/kubernetes/framework/plugins/node-affinity.ts';
import { nodeResourcesBalancedAllocation } from '../../../../../src/orchestration/kubernetes/framework/plugins/node-resources-balanced-allocation.ts';
import { nodeResourcesFitFilter } from '../../../../../src/orchestration/kubernetes/framework/plugins/node-resources-fit.ts';
import { nodeResourcesFitScore } from '../../../../../src/orchestration/kubernetes/framework/plugins/node-resources-fit-score.ts';
import { node, pod } from '../pods-and-nodes.ts';
import { scoreNodes } from '../../../../../src/orchestration/kubernetes/framework/scores.ts';
import { taintTolerationScore } from '../../../../../src/orchestration/kubernetes/framework/plugins/taint-toleration.ts';
import type { Amounts } from '../../../../../src/cluster/pod-template.ts';
import type { FitStrategy } from '../../../../../src/cluster/plugin-arguments.ts';
import type { NodeInfo } from '../../../../../src/orchestration/kubernetes/framework/node-info.ts';
import type { PodInfo } from '../../../../../src/orchestration/kubernetes/framework/pod-info.ts';
import type { ScorePlugin } from '../../../../../src/orchestration/kubernetes/framework/plugin.ts';

const MIB = 1_048_576;
const GIB = 1024 * MIB;

/** Undefined where the plugin skips. */
function scored(plugin: ScorePlugin, incoming: PodInfo, nodes: readonly NodeInfo[], all = nodes) {
  return scoreNodes([{ plugin, weight: 1 }], incoming, nodes, all, BARE).plugins[0];
}

function rawOf(plugin: ScorePlugin, incoming: PodInfo, one: NodeInfo): number | undefined {
  return scored(plugin, incoming, [one])?.raw[0];
}

/** 3920 m and 15 GiB to give, with one pod on it that asks for so much. */
function worked(used: Amounts): NodeInfo {
  const one = node('n', {}, { allocatable: { cpu: 3920, memory: 15 * GIB, pods: 110 } });
  if (Object.keys(used).length > 0) one.add(pod('there', { requests: used }));
  return one;
}

function asking(requests: Amounts): PodInfo {
  return pod('incoming', { requests });
}

function fit(strategy: Partial<FitStrategy> = {}): ScorePlugin {
  return nodeResourcesFitScore({ ...DEFAULT_ARGUMENTS.fit.strategy, ...strategy });
}

describe('the scores of NodeResourcesFit', () => {
  const LEAST = fit();
  const MOST = fit({ type: 'MostAllocated' });

  it('worked value of section 6: an empty node of 3920 m and 15 GiB, a pod that states nothing: least 97', () => {
    // cpu (3920 - 100) 100 div 3920 = 97; memory (15360 - 200) 100 div 15360 = 98; (97 + 98) div 2 = 97
    expect(rawOf(LEAST, asking({}), worked({}))).toBe(97);
  });

  it('worked value of section 6: the same node with 1500 m and 3 GiB: least 70, most 29', () => {
    // cpu 2420 x 100 div 3920 = 61, memory 80: 141 div 2 = 70; cpu 38, memory 20: 58 div 2 = 29
    const incoming = asking({ cpu: 500, memory: GIB });
    const one = worked({ cpu: 1000, memory: 2 * GIB });
    expect(rawOf(LEAST, incoming, one)).toBe(70);
    expect(rawOf(MOST, incoming, one)).toBe(29);
  });

  it('pitfall 8.3: the defaults of containers bear on scores, never on filters (1.7)', () => {
    const one = node('n', {}, { allocatable: { cpu: 100, memory: 200 * MIB, pods: 110 } });
    one.add(pod('there'));
    // Both pods count 100 m and 200 MiB, twice what the node has: least 0, and yet there is room.
    expect(rawOf(LEAST, asking({}), one)).toBe(0);
    const filter = nodeResourcesFitFilter(DEFAULT_ARGUMENTS.fit);
    const { state } = filter.preFilter!(asking({}), [one], BARE);
    expect(filter.filter(asking({}), one, state!, BARE)).toBeUndefined();
  });

  it('pitfall 8.4: each division is one of integers (1.9)', () => {
    const one = node('n', {}, { allocatable: { cpu: 300, memory: 300, pods: 110 } });
    // cpu (300 - 101) 100 div 300 = 66 (66.3), memory (300 - 102) 100 div 300 = 66; with weights 2 and 1: 198 div 3 = 66
    const resources = [
      { name: 'cpu', weight: 2 },
      { name: 'memory', weight: 1 },
    ];
    expect(rawOf(fit({ resources }), asking({ cpu: 101, memory: 102 }), one)).toBe(66);
    // cpu (300 - 1) 100 div 300 = 99, memory (300 - 4) 100 div 300 = 98: 197 div 2 = 98 although 98.5
    expect(rawOf(LEAST, asking({ cpu: 1, memory: 4 }), one)).toBe(98);
  });

  it('leaves out extended resources that the pod does not ask for, and those that the node lacks (1.9)', () => {
    const gpu = 'example.com/gpu';
    const strategy = fit({
      resources: [
        { name: gpu, weight: 5 },
        { name: 'cpu', weight: 1 },
      ],
    });
    const allocatable = { cpu: 1000, memory: GIB, [gpu]: 4, pods: 110 };
    const withGpu = node('g', {}, { allocatable });
    // cpu (1000 - 500) 100 div 1000 = 50; a GPU of 4: 75; (5 x 75 + 50) div 6 = 70
    expect(rawOf(strategy, asking({ cpu: 500 }), withGpu)).toBe(50);
    expect(rawOf(strategy, asking({ cpu: 500, [gpu]: 1 }), withGpu)).toBe(70);
    expect(rawOf(strategy, asking({ cpu: 500, [gpu]: 1 }), worked({}))).toBe(87);
  });

  it('follows the broken line of RequestedToCapacityRatio; resources that score 0 do not weigh (1.9)', () => {
    const shape = [
      { utilization: 20, score: 2 },
      { utilization: 60, score: 10 },
      { utilization: 90, score: 0 },
    ];
    const strategy = fit({ type: 'RequestedToCapacityRatio', shape });
    const at = (cpu: number, memory: number) =>
      rawOf(
        strategy,
        asking({ cpu, memory }),
        node('n', {}, { allocatable: { cpu: 100, memory: 100, pods: 110 } }),
      );
    expect(at(10, 20)).toBe(20); // left of the first corner, and on it
    expect(at(30, 60)).toBe(70); // 20 + 80 x 10 div 40 = 40, and 100
    expect(at(75, 95)).toBe(50); // 100 - 100 x 15 div 30 = 50; memory scores 0 and does not weigh
    expect(at(30, 33)).toBe(43); // 40, and 20 + 80 x 13 div 40 = 46: 43
  });
});

describe('NodeResourcesBalancedAllocation', () => {
  const BALANCED = nodeResourcesBalancedAllocation(['cpu', 'memory'], 'improvement');
  const UP_TO_1_35 = nodeResourcesBalancedAllocation(['cpu', 'memory'], 'with');

  it.each<[before: Amounts, incoming: Amounts, since136: number, upTo135: number]>([
    [{ cpu: 1000, memory: 2 * GIB }, { cpu: 500, memory: GIB }, 73, 90],
    [{ cpu: 2000, memory: 2 * GIB }, { cpu: 100, memory: 4 * GIB }, 81, 93],
    [{}, { cpu: 2000, memory: GIB }, 63, 77],
  ])(
    'pitfall 8.2, worked value of section 6: %o before, %o comes: %i in 1.36, %i up to 1.35 (1.9)',
    (before, incoming, since136, upTo135) => {
      expect(rawOf(BALANCED, asking(incoming), worked(before))).toBe(since136);
      expect(rawOf(UP_TO_1_35, asking(incoming), worked(before))).toBe(upTo135);
    },
  );

  it('pitfall 8.2: skips pods that request nothing, and counts real requests only (1.9)', () => {
    expect(scored(BALANCED, asking({}), [worked({})])).toBeUndefined();
    const empty = worked({});
    const crowded = worked({});
    for (let i = 0; i < 20; i++) crowded.add(pod(`states-nothing-${i}`));
    const incoming = asking({ cpu: 1000 });
    expect(rawOf(BALANCED, incoming, crowded)).toBe(rawOf(BALANCED, incoming, empty));
  });

  it('takes the standard deviation of three resources and more (1.9)', () => {
    const three = nodeResourcesBalancedAllocation(['cpu', 'memory', 'ephemeral-storage'], 'with');
    const one = node(
      'n',
      {},
      { allocatable: { cpu: 100, memory: 100, 'ephemeral-storage': 100, pods: 110 } },
    );
    // Shares 0.1, 0.2, 0.6: mean 0.3, deviation sqrt((0.04 + 0.01 + 0.09) / 3) = 0.216: int(78.39) = 78
    const incoming = asking({ cpu: 10, memory: 20, 'ephemeral-storage': 60 });
    expect(rawOf(three, incoming, one)).toBe(78);
  });
});

describe('ImageLocality', () => {
  const all = Array.from({ length: 10 }, (_, i) => node(`n${i}`));
  const holding = (name: string, sizeBytes: number, nodes: number): NodeInfo =>
    node('n', {}, { images: new Map([[name, { sizeBytes, nodes }]]) });
  const scoreOf = (one: NodeInfo, incoming = pod('incoming')) =>
    scored(imageLocality, incoming, [one], all)?.raw[0];

  it.each([
    [1, 2],
    [5, 23],
    [10, 48],
  ])(
    'pitfall 8.4, worked value of section 6: 500 MiB on %i of 10 nodes score %i (1.9)',
    (nodes, score) => {
      expect(scoreOf(holding('app:latest', 500 * MIB, nodes))).toBe(score);
    },
  );

  it('takes a name without a tag for :latest, but not a port for a tag (1.9)', () => {
    const template = (image: string) => ({
      template: {
        containers: [
          { name: 'c', image, requests: {}, limits: {}, hostPorts: [], isSidecar: false },
        ],
      },
    });
    const incoming = pod('incoming', template('registry:5000/db'));
    expect(scoreOf(holding('registry:5000/db:latest', 500 * MIB, 10), incoming)).toBe(48);
    expect(scoreOf(holding('registry:5000/db', 500 * MIB, 10), incoming)).toBe(0);
  });

  it('counts images of volumes, but only containers raise the bound (1.9)', () => {
    const incoming = pod('incoming', {
      template: { volumes: [{ kind: 'image', image: 'app' }] },
    });
    // 2 x 400 MiB = 800 MiB: 100 (800 - 23) div (1000 - 23) = 79
    expect(scoreOf(holding('app:latest', 400 * MIB, 10), incoming)).toBe(79);
  });
});

describe('scores that are normalised', () => {
  it('TaintToleration: the fewest untolerated preferences best (1.9)', () => {
    const soft = (key: string) => ({ key, value: '', effect: 'PreferNoSchedule' as const });
    const nodes = [
      node('none'),
      node('one', {}, { taints: [soft('a')] }),
      node('three', {}, { taints: [soft('a'), soft('b'), soft('c')] }),
      node('tolerated', {}, { taints: [soft('d')] }),
    ];
    const incoming = pod('incoming', {
      tolerations: [
        { key: 'd', operator: 'Exists', value: '', effect: '' },
        // Of another effect: it says nothing about preferences.
        { key: 'a', operator: 'Exists', value: '', effect: 'NoSchedule' },
      ],
    });
    const scores = scored(taintTolerationScore, incoming, nodes)!;
    expect(scores.raw).toEqual([0, 1, 3, 0]);
    // 100 - 100 div 3 = 67
    expect(scores.normalized).toEqual([100, 67, 0, 100]);
  });

  it('NodeAffinity: weights of matching terms, those of the profile too, as a share of the largest (1.9)', () => {
    const prefer = (weight: number, value: string) => ({
      weight,
      term: {
        expressions: [{ key: 'disk', operator: 'In' as const, values: [value] }],
        fields: [],
      },
    });
    const plugin = nodeAffinityScore({ preferredNodeTerms: [prefer(2, 'ssd')] });
    const incoming = pod('incoming', {
      template: { preferredNodeTerms: [prefer(5, 'ssd'), prefer(4, 'hdd')] },
    });
    const nodes = [node('s', { disk: 'ssd' }), node('h', { disk: 'hdd' }), node('n')];
    const scores = scored(plugin, incoming, nodes)!;
    expect(scores.raw).toEqual([7, 4, 0]);
    expect(scores.normalized).toEqual([100, 57, 0]); // 400 div 7 = 57
  });

  it('NodeAffinity: skips a pod without preferences (1.9)', () => {
    const plugin = nodeAffinityScore({ preferredNodeTerms: [] });
    expect(scored(plugin, pod('incoming'), [node('n')])).toBeUndefined();
  });
});
