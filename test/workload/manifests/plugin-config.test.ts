import { expect, it } from 'vitest';
import { DEFAULT_ARGUMENTS } from '../../../src/cluster/plugin-arguments.ts';
import { plainCursor } from '../../../src/workload/manifests/yaml-cursor.ts';
import { pluginArguments } from '../../../src/workload/manifests/plugin-config.ts';
import type { Fault } from '../../../src/base/scenario-error.ts';

function read(...stated: readonly [name: string, args: object][]) {
  const items = stated.map(([name, args]) => ({ name, args }));
  const notes: string[] = [];
  const faults: Fault[] = [];
  const args = pluginArguments(
    plainCursor('scheduler', items, faults),
    (_at, message) => void notes.push(message),
  );
  return { args, notes, faults: faults.map(({ message }) => message) };
}

it('leaves what a profile does not state at its default (kubernetes.md 1.1)', () => {
  expect(read().args).toEqual(DEFAULT_ARGUMENTS);
  expect(read(['NodeResourcesFit', {}]).args).toEqual(DEFAULT_ARGUMENTS);
  const { args, notes } = read(['VolumeBinding', { bindTimeoutSeconds: 5 }]);
  expect(args).toEqual(DEFAULT_ARGUMENTS);
  expect(notes).toEqual(['arguments of VolumeBinding are not read']);
});

it('reads how NodeResourcesFit scores; a weight that is absent or 0 is 1', () => {
  const shape = [{ utilization: 0, score: 10 }];
  const scoringStrategy = {
    type: 'RequestedToCapacityRatio',
    resources: [{ name: 'cpu', weight: 3 }, { name: 'memory' }, { name: 'gpu', weight: 0 }],
    requestedToCapacityRatio: { shape },
  };
  expect(read(['NodeResourcesFit', { scoringStrategy }]).args.fit.strategy).toEqual({
    type: 'RequestedToCapacityRatio',
    resources: [
      { name: 'cpu', weight: 3 },
      { name: 'memory', weight: 1 },
      { name: 'gpu', weight: 1 },
    ],
    shape,
  });
});

it('takes default constraints only where the defaults are said to be a list', () => {
  const defaultConstraints = [
    { topologyKey: 'zone', maxSkew: 2, whenUnsatisfiable: 'ScheduleAnyway' },
  ];
  const stated = (defaultingType: string) =>
    read(['PodTopologySpread', { defaultingType, defaultConstraints }]);
  expect(stated('List').args.spread.defaults).toEqual(defaultConstraints);
  expect(stated('System').args.spread.defaults).toBe('System');
  expect(stated('System').faults).toHaveLength(1);
});

it('reads affinity that the profile adds, and how others count', () => {
  const term = { matchExpressions: [{ key: 'disk', operator: 'Exists' }] };
  const addedAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
  };
  const { args } = read(
    ['NodeAffinity', { addedAffinity }],
    ['InterPodAffinity', { hardPodAffinityWeight: 0, ignorePreferredTermsOfExistingPods: true }],
    ['NodeResourcesBalancedAllocation', { resources: [{ name: 'gpu', weight: 1 }] }],
  );
  const expression = { key: 'disk', operator: 'Exists', values: [] };
  expect(args.addedAffinity).toEqual({
    requiredNodeTerms: [{ expressions: [expression], fields: [] }],
    preferredNodeTerms: [],
  });
  expect(args.podAffinity).toEqual({ hardPodAffinityWeight: 0, ignoresPreferencesOfOthers: true });
  expect(args.balanced).toEqual(['gpu']);
});
