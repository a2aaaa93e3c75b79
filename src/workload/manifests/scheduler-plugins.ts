/**
 * Which plugins of kube-scheduler run at which extension point (kubernetes.md 1.1).
 *
 *   merge     a profile's own set over the default one: disabled plugins go ("*": all), enabled ones replace defaults in their
 *             place, new ones come behind
 *   expand    at each point: plugins that the point and multiPoint both enable, in the order of the point; then the other
 *             ones of multiPoint that can run there and are not disabled there; then the other ones of the point
 *   weights   those of the point go before those of multiPoint; none or 0 is 1
 */

import type {
  EnabledPlugin,
  ExtensionPoint,
  SchedulerProfile,
} from '../../cluster/scheduler-configuration.ts';
import type { YamlCursor } from './yaml-cursor.ts';

type Points = readonly ExtensionPoint[];

/** In-tree plugins in the order of the default multiPoint list: weight, and points at which they decide something. */
const DEFAULTS: readonly (readonly [name: string, weight: number, points: Points])[] = [
  ['SchedulingGates', 0, ['preEnqueue']],
  ['PrioritySort', 0, ['queueSort']],
  ['NodeUnschedulable', 0, ['filter']],
  ['NodeName', 0, ['filter']],
  ['TaintToleration', 3, ['filter', 'score']],
  ['NodeAffinity', 2, ['filter', 'score']],
  ['NodePorts', 0, ['filter']],
  ['NodeResourcesFit', 1, ['filter', 'score']],
  ['VolumeRestrictions', 0, ['filter']],
  ['NodeVolumeLimits', 0, ['filter']],
  ['VolumeBinding', 0, ['filter', 'score']],
  ['VolumeZone', 0, ['filter']],
  ['PodTopologySpread', 2, ['filter', 'score']],
  ['InterPodAffinity', 2, ['filter', 'score']],
  ['DynamicResources', 2, ['filter', 'postFilter', 'score']],
  ['DefaultPreemption', 0, ['postFilter']],
  ['NodeResourcesBalancedAllocation', 1, ['score']],
  ['ImageLocality', 1, ['score']],
  ['DefaultBinder', 0, []],
  ['NodeDeclaredFeatures', 0, ['filter']],
];
/** Not enabled by default; Coscheduling is not in the tree. */
const OTHERS: readonly (readonly [name: string, points: Points])[] = [
  ['GangScheduling', ['preEnqueue']],
  ['Coscheduling', ['queueSort', 'postFilter']],
];
export const DECIDING_POINTS = [
  'preEnqueue',
  'queueSort',
  'filter',
  'postFilter',
  'score',
] as const satisfies readonly ExtensionPoint[];

const POINTS = new Map<string, Points>([
  ...DEFAULTS.map(([name, , points]) => [name, points] as const),
  ...OTHERS,
]);

interface PluginSet {
  readonly enabled: readonly EnabledPlugin[];
  readonly disabled: ReadonlySet<string>;
}

const NONE: PluginSet = { enabled: [], disabled: new Set() };
const DEFAULT_SET: PluginSet = {
  enabled: DEFAULTS.map(([name, weight]) => ({ name, weight })),
  disabled: new Set(),
};

/** The plugins of a profile; `plugins` may be absent. */
export function expandedPlugins(plugins: YamlCursor): SchedulerProfile['plugins'] {
  const multiPoint = merged(DEFAULT_SET, writtenSet(plugins.get('multiPoint')));
  const at = (point: ExtensionPoint): EnabledPlugin[] => {
    const own = writtenSet(plugins.get(point));
    for (const [i, { name }] of own.enabled.entries()) {
      const points = POINTS.get(name);
      if (points === undefined || points.includes(point)) continue;
      const item = plugins.get(point).get('enabled').items()[i]!;
      item.get('name').fault(`a plugin that runs at ${point}`);
    }
    return expanded(merged(NONE, own), multiPoint, point);
  };
  const sorted = at('queueSort');
  if (sorted.length !== 1) {
    plugins.faultSaying(`expected one plugin at queueSort; found ${sorted.length}`);
  }
  return {
    preEnqueue: at('preEnqueue'),
    queueSort: sorted,
    filter: at('filter'),
    postFilter: at('postFilter'),
    score: at('score'),
  };
}

function writtenSet(set: YamlCursor): PluginSet {
  const enabled = set.get('enabled').items();
  const seen = new Set<string>();
  for (const item of enabled) {
    const name = item.get('name');
    if (!POINTS.has(name.text())) {
      name.fault("a plugin of kube-scheduler's own, or Coscheduling (others are not modelled)");
    }
    if (seen.has(name.text())) name.faultSaying(`expected each plugin once; found it again`);
    seen.add(name.text());
  }
  return {
    enabled: enabled.map((item) => ({
      name: item.get('name').text(),
      weight: item.get('weight').whole(0),
    })),
    disabled: new Set(
      set
        .get('disabled')
        .items()
        .map((item) => item.get('name').text()),
    ),
  };
}

function merged(standard: PluginSet, own: PluginSet): PluginSet {
  const disabled = new Set([...own.disabled, ...standard.disabled]);
  const replaced = new Set<string>();
  const enabled: EnabledPlugin[] = [];
  if (!disabled.has('*')) {
    for (const plugin of standard.enabled) {
      if (disabled.has(plugin.name)) continue;
      const again = own.enabled.find(({ name }) => name === plugin.name);
      if (again !== undefined) replaced.add(plugin.name);
      enabled.push(again ?? plugin);
    }
  }
  enabled.push(...own.enabled.filter(({ name }) => !replaced.has(name)));
  return { enabled, disabled };
}

function expanded(own: PluginSet, multiPoint: PluginSet, point: ExtensionPoint): EnabledPlugin[] {
  const runsHere = ({ name }: EnabledPlugin) => POINTS.get(name)?.includes(point) ?? false;
  const isOwn = ({ name }: EnabledPlugin) => own.enabled.some((one) => one.name === name);
  const everywhere = own.disabled.has('*')
    ? []
    : multiPoint.enabled.filter((plugin) => runsHere(plugin) && !own.disabled.has(plugin.name));
  const overrides = own.enabled.filter(({ name }) => everywhere.some((one) => one.name === name));
  const list = [
    ...overrides,
    ...everywhere.filter((plugin) => !isOwn(plugin)),
    ...own.enabled.filter((plugin) => !overrides.includes(plugin)),
  ];
  return list.map(({ name, weight }) => ({ name, weight: weight === 0 ? 1 : weight }));
}
