import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../../src/base/scenario-error.ts';
import { DEFAULT_ARGUMENTS } from '../../../src/cluster/plugin-arguments.ts';
import { readSchedulerConfiguration } from '../../../src/workload/manifests/scheduler-configuration.ts';

const HEAD = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';

function read(text: string) {
  return readSchedulerConfiguration('s.yaml', HEAD + text);
}

/** The plugins of one profile: of each point `NAME WEIGHT`. */
function scoresOf(plugins: string): string[] {
  const { profiles } = read(`profiles: [{ plugins: ${plugins} }]`);
  return profiles[0]!.plugins.score.map(({ name, weight }) => `${name} ${weight}`);
}

function filtersOf(plugins: string): string[] {
  return read(`profiles: [{ plugins: ${plugins} }]`).profiles[0]!.plugins.filter.map(
    ({ name }) => name,
  );
}

function faultsOf(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split('\n');
  }
}

describe('a scheduler configuration that states nothing', () => {
  const { profiles, podInitialBackoffSeconds, podMaxBackoffSeconds } = read('');
  const [profile] = profiles;

  it('has the default profile, its backoffs and arguments (kubernetes.md 1.1)', () => {
    expect(profiles).toHaveLength(1);
    expect(profile).toMatchObject({
      schedulerName: 'default-scheduler',
      percentageOfNodesToScore: 0,
      arguments: DEFAULT_ARGUMENTS,
    });
    expect([podInitialBackoffSeconds, podMaxBackoffSeconds]).toEqual([1, 10]);
  });

  it('runs the plugins of each point in their order and weight (kubernetes.md 1.1)', () => {
    expect(profile!.plugins.filter.map(({ name }) => name)).toEqual([
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
      'DynamicResources',
      'NodeDeclaredFeatures',
    ]);
    expect(scoresOf('{}')).toEqual([
      'TaintToleration 3',
      'NodeAffinity 2',
      'NodeResourcesFit 1',
      'VolumeBinding 1',
      'PodTopologySpread 2',
      'InterPodAffinity 2',
      'DynamicResources 2',
      'NodeResourcesBalancedAllocation 1',
      'ImageLocality 1',
    ]);
    expect(profile!.plugins.postFilter.map(({ name }) => name)).toEqual([
      'DynamicResources',
      'DefaultPreemption',
    ]);
  });
});

describe('plugins of a profile', () => {
  it('that a point enables again come first there, with its weight', () => {
    const scores = scoresOf('{ score: { enabled: [{ name: ImageLocality, weight: 7 }] } }');
    expect(scores.slice(0, 2)).toEqual(['ImageLocality 7', 'TaintToleration 3']);
    expect(scores).toHaveLength(9);
  });

  it('that a point disables still run at the others', () => {
    const plugins = '{ score: { disabled: [{ name: NodeResourcesFit }] } }';
    expect(scoresOf(plugins)).not.toContain('NodeResourcesFit 1');
    expect(filtersOf(plugins)).toContain('NodeResourcesFit');
  });

  it('are only those of the point where it disables "*"', () => {
    const plugins = '{ score: { disabled: [{ name: "*" }], enabled: [{ name: NodeAffinity }] } }';
    expect(scoresOf(plugins)).toEqual(['NodeAffinity 1']); // no weight is 1
    expect(filtersOf(plugins)).toHaveLength(14);
  });

  it('that multiPoint enables again keep their place and lose their default weight', () => {
    const scores = scoresOf('{ multiPoint: { enabled: [{ name: TaintToleration }] } }');
    expect(scores[0]).toBe('TaintToleration 1');
  });

  it('that multiPoint disables run nowhere, unless a point enables them: then behind the others', () => {
    const scores = scoresOf(
      '{ multiPoint: { disabled: [{ name: NodeAffinity }] }, score: { enabled: [{ name: NodeAffinity, weight: 4 }] } }',
    );
    expect(scores.at(-1)).toBe('NodeAffinity 4');
    expect(filtersOf('{ multiPoint: { disabled: [{ name: NodeAffinity }] } }')).not.toContain(
      'NodeAffinity',
    );
  });
});

it('arguments of plugins replace their defaults one plugin at a time', () => {
  const { profiles } = read(`
percentageOfNodesToScore: 40
profiles:
- schedulerName: packer
  percentageOfNodesToScore: 100
  pluginConfig:
  - name: NodeResourcesFit
    args:
      ignoredResourceGroups: [example.com]
      scoringStrategy:
        type: RequestedToCapacityRatio
        resources: [{ name: cpu, weight: 3 }, { name: nvidia.com/gpu }]
        requestedToCapacityRatio: { shape: [{ utilization: 0, score: 0 }, { utilization: 100, score: 10 }] }
  - name: PodTopologySpread
    args:
      defaultingType: List
      defaultConstraints: [{ maxSkew: 2, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway }]
  - name: InterPodAffinity
    args: { hardPodAffinityWeight: 50 }
- schedulerName: other
`);
  expect(profiles.map(({ percentageOfNodesToScore: one }) => one)).toEqual([100, 40]);
  expect(profiles[0]!.arguments).toEqual({
    ...DEFAULT_ARGUMENTS,
    fit: {
      strategy: {
        type: 'RequestedToCapacityRatio',
        resources: [
          { name: 'cpu', weight: 3 },
          { name: 'nvidia.com/gpu', weight: 1 },
        ],
        shape: [
          { utilization: 0, score: 0 },
          { utilization: 100, score: 10 },
        ],
      },
      ignoredResources: [],
      ignoredResourceGroups: ['example.com'],
    },
    spread: {
      defaults: [{ maxSkew: 2, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }],
    },
    podAffinity: { hardPodAffinityWeight: 50, ignoresPreferencesOfOthers: false },
  });
  expect(profiles[1]!.arguments).toEqual(DEFAULT_ARGUMENTS);
});

it('what is not read is told with its place, what does not matter is not', () => {
  const { notes } = read(`leaderElection: { leaderElect: false }
profiles:
- plugins: { reserve: { disabled: [{ name: VolumeBinding }] } }
  pluginConfig: [{ name: DefaultPreemption, args: { minCandidateNodesPercentage: 50 } }]
  extra: 1
`);
  expect(notes).toEqual([
    's.yaml:5:23: plugins at reserve decide nothing here: filter and score say which run',
    's.yaml:6:18: arguments of DefaultPreemption are not read',
    's.yaml:7:10: profiles[0].extra is not read',
  ]);
});

it('every fault is found, with its place', () => {
  expect(
    faultsOf(`podInitialBackoffSeconds: 0
percentageOfNodesToScore: 101
extenders: [{ urlPrefix: "http://x" }]
profiles:
- plugins:
    queueSort: { disabled: [{ name: "*" }] }
    score: { enabled: [{ name: Trimaran }, { name: NodePorts }] }
  pluginConfig: [{ name: NodeName }]
- {}
`),
  ).toEqual([
    's.yaml:5:12: extenders: expected no extenders: they decide outside of the scheduler',
    's.yaml:4:27: percentageOfNodesToScore: expected a percentage from 0 to 100; found 101',
    's.yaml:8:5: profiles[0].plugins: expected one plugin at queueSort; found 0',
    's.yaml:9:32: profiles[0].plugins.score.enabled[0].name: expected a plugin of kube-scheduler\'s own, or Coscheduling (others are not modelled); found "Trimaran"',
    's.yaml:9:52: profiles[0].plugins.score.enabled[1].name: expected a plugin that runs at score; found "NodePorts"',
    's.yaml:10:26: profiles[0].pluginConfig[0].name: expected a plugin of kube-scheduler\'s own that takes arguments; found "NodeName"',
    's.yaml:11:3: profiles[1]: expected another schedulerName than default-scheduler, found twice',
    's.yaml:3:27: podInitialBackoffSeconds: expected a whole number of at least 1; found 0',
  ]);
});
