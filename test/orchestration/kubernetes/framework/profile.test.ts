import { describe, expect, it } from 'vitest';
import { BARE } from '../../../../src/orchestration/kubernetes/framework/surroundings.ts';
import { node, pod } from './pods-and-nodes.ts';
import { profileOf } from '../../../../src/orchestration/kubernetes/framework/profile.ts';
import { scoreNodes } from '../../../../src/orchestration/kubernetes/framework/scores.ts';
import type { ScorePlugin } from '../../../../src/orchestration/kubernetes/framework/plugin.ts';

describe('a profile', () => {
  it('filters and scores by the default list, in its order and with its weights (kubernetes.md 1.1)', () => {
    const { filters, scores } = profileOf();
    expect(filters.map(({ name }) => name)).toEqual([
      'NodeUnschedulable',
      'NodeName',
      'TaintToleration',
      'NodeAffinity',
      'NodePorts',
      'NodeResourcesFit',
      'VolumeRestrictions',
      'NodeVolumeLimits',
      'VolumeBinding',
      'VolumeZone',
      'PodTopologySpread',
      'InterPodAffinity',
    ]);
    expect(scores.map(({ plugin, weight }) => `${plugin.name} ${weight}`)).toEqual([
      'TaintToleration 3',
      'NodeAffinity 2',
      'NodeResourcesFit 1',
      'PodTopologySpread 2',
      'InterPodAffinity 2',
      'NodeResourcesBalancedAllocation 1',
      'ImageLocality 1',
    ]);
  });

  it('runs the filters that are named, in the order of their names', () => {
    const { filters } = profileOf({
      filters: ['NodePorts', 'DynamicResources', 'NodeName', 'TaintToleration'],
      withoutFilters: ['TaintToleration'],
    });
    expect(filters.map(({ name }) => name)).toEqual(['NodePorts', 'NodeName']);
  });

  it('changes weights by name; 0 leaves a plugin out', () => {
    const { scores } = profileOf({ weights: { ImageLocality: 0, NodeResourcesFit: 5 } });
    const weights = new Map(scores.map(({ plugin, weight }) => [plugin.name, weight]));
    expect(weights.get('NodeResourcesFit')).toBe(5);
    expect(weights.has('ImageLocality')).toBe(false);
  });
});

describe('scores', () => {
  const constant = (name: 'NodeName' | 'NodePorts', score: number): ScorePlugin => ({
    name,
    score: () => score,
  });

  it('add up weighted, over the plugins that do not skip the cycle (kubernetes.md 1.5)', () => {
    const skipping: ScorePlugin = {
      name: 'NodeAffinity',
      preScore: () => undefined,
      score: () => 100,
    };
    const weighted = [
      { plugin: constant('NodeName', 10), weight: 2 },
      { plugin: skipping, weight: 9 },
      { plugin: constant('NodePorts', 7), weight: 1 },
    ];
    const nodes = [node('a'), node('b')];
    const { plugins, total } = scoreNodes(weighted, pod('p'), nodes, nodes, BARE);
    expect(total).toEqual([27, 27]);
    expect(plugins.map(({ plugin }) => plugin)).toEqual(['NodeName', 'NodePorts']);
  });

  it('outside 0 to 100 are a mistake of the plugin (kubernetes.md 1.5)', () => {
    const weighted = [{ plugin: constant('NodeName', 101), weight: 1 }];
    const nodes = [node('a')];
    expect(() => scoreNodes(weighted, pod('p'), nodes, nodes, BARE)).toThrow(
      'expected a score of 0 to 100 from NodeName; found 101',
    );
  });

  it('are made of the feasible nodes, whatever others would score (kubernetes.md 1.5)', () => {
    const soft = { key: 'a', value: '', effect: 'PreferNoSchedule' as const };
    const [clean, tainted] = [node('a'), node('b', {}, { taints: [soft] })];
    const { scores } = profileOf();
    const taint = scores.filter(({ plugin }) => plugin.name === 'TaintToleration');
    const totals = (feasible: (typeof clean)[]) =>
      scoreNodes(taint, pod('p'), feasible, [clean, tainted], BARE).total;
    expect(totals([clean])).toEqual([300]);
    expect(totals([tainted])).toEqual([0]);
    expect(totals([clean, tainted])).toEqual([300, 0]);
  });
});
