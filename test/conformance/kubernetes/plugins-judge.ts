/**
 * Compares what every plugin says of a pod and a cluster with the real code: the order of the nodes, every PreFilter, every
 * Filter of every node with its reasons, the framework's own verdict, every score before and after normalising, and their sum.
 *
 * Left out   DynamicResources and NodeDeclaredFeatures, which we do not have: they must have nothing to say.
 */

import { CycleFilters } from '../../../src/orchestration/kubernetes/framework/cycle-filters.ts';
import { NominatedPods } from '../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { profileOf } from '../../../src/orchestration/kubernetes/framework/profile.ts';
import { argumentsOfCase } from './arguments-of-case.ts';
import { SchedulingWorld } from './scheduling-world.ts';
import { scoreNodes } from '../../../src/orchestration/kubernetes/framework/scores.ts';
import type { FilterPlugin } from '../../../src/orchestration/kubernetes/framework/plugin.ts';
import type { NodeInfo } from '../../../src/orchestration/kubernetes/framework/node-info.ts';
import type { PluginsCase } from './plugins-case.ts';
import type { PodInfo } from '../../../src/orchestration/kubernetes/framework/pod-info.ts';
import type { Profile } from '../../../src/orchestration/kubernetes/framework/profile.ts';
import type { Refusal } from '../../../src/orchestration/kubernetes/framework/status.ts';
import type { Surroundings } from '../../../src/orchestration/kubernetes/framework/surroundings.ts';

/** Nodes are told by their position in the case. */
interface Answer {
  readonly order: readonly number[];
  readonly preFilter?: Readonly<Record<string, PreFilterAnswer>>;
  readonly filter?: Readonly<Record<string, readonly Rejection[]>>;
  readonly rejected?: readonly Rejection[];
  readonly feasible: readonly number[];
  readonly scores?: Readonly<Record<string, ScoreAnswer>>;
  readonly total?: readonly number[];
}

interface PreFilterAnswer {
  readonly code: string;
  readonly reasons?: readonly string[];
  readonly nodes?: readonly number[];
}

/** Position, code, and reasons or the plugin. */
type Rejection = readonly [position: number, ...words: readonly string[]];

interface ScoreAnswer {
  readonly raw: readonly number[];
  readonly normalized?: readonly number[];
  readonly weighted: readonly number[];
}

const NOT_OURS = ['DynamicResources', 'NodeDeclaredFeatures'];

export function judgePlugins(input: unknown, output: unknown): string | undefined {
  const ours = new Reading(input as PluginsCase).answer();
  const real = output as Answer;
  for (const name of NOT_OURS) {
    if (speaks(name, real)) return `${name} has something to say`;
  }
  return (
    difference('order', ours.order, real.order) ??
    differenceByName('PreFilter', ours.preFilter, real.preFilter) ??
    differenceByName('Filter', ours.filter, real.filter) ??
    difference('rejected', ours.rejected, real.rejected ?? []) ??
    difference('feasible', ours.feasible, real.feasible) ??
    differenceByName('Score', ours.scores, real.scores) ??
    difference('total', ours.total, real.total ?? [])
  );
}

function speaks(name: string, { preFilter, filter, scores }: Answer): boolean {
  const said = preFilter?.[name];
  const raw = scores?.[name]?.raw ?? [];
  return (
    (said !== undefined && said.code !== 'Skip') ||
    filter?.[name] !== undefined ||
    raw.some((score) => score !== 0)
  );
}

function difference(what: string, ours: unknown, real: unknown): string | undefined {
  const [told, really] = [JSON.stringify(ours), JSON.stringify(real)];
  return told === really ? undefined : `${what}: ${told}, really ${really}`;
}

function differenceByName(
  what: string,
  ours: Readonly<Record<string, unknown>> = {},
  real: Readonly<Record<string, unknown>> = {},
): string | undefined {
  for (const name of new Set([...Object.keys(ours), ...Object.keys(real)])) {
    if (NOT_OURS.includes(name)) continue;
    const found = difference(`${what} of ${name}`, ours[name] ?? null, real[name] ?? null);
    if (found !== undefined) return found;
  }
  return undefined;
}

class Reading {
  private readonly nodes: readonly NodeInfo[];
  private readonly positions: ReadonlyMap<string, number>;
  private readonly around: Surroundings;
  private readonly nominated = new NominatedPods();
  private readonly pod: PodInfo;
  private readonly profile: Profile;

  constructor({ nodes, pods, others, pluginConfig, incoming }: PluginsCase) {
    const world = new SchedulingWorld(nodes, others);
    for (const written of pods) {
      const pod = world.pod(written);
      const { nodeName } = written.spec;
      if (nodeName === undefined) this.nominated.add(pod, pod.nominatedNode);
      else world.add(pod, nodeName);
    }
    this.nodes = world.snapshot().nodes;
    this.positions = new Map(nodes.map(({ metadata }, position) => [metadata.name, position]));
    this.around = world.around;
    this.pod = world.pod(incoming);
    this.profile = profileOf({ args: argumentsOfCase(pluginConfig) });
  }

  answer(): Answer {
    const { feasible, rejected } = this.verdict();
    return {
      order: this.nodes.map((node) => this.position(node)),
      ...this.askFilters(),
      rejected,
      feasible: feasible.map((node) => this.position(node)),
      ...this.askScores(feasible),
    };
  }

  private position({ node }: NodeInfo): number {
    return this.positions.get(node.name)!;
  }

  /** Every plugin about every node, so that a rejection by an early plugin hides no later one. */
  private askFilters(): Pick<Answer, 'preFilter' | 'filter'> {
    const preFilter: Record<string, PreFilterAnswer> = {};
    const filter: Record<string, readonly Rejection[]> = {};
    for (const plugin of this.profile.filters) {
      const said = plugin.preFilter?.(this.pod, this.nodes, this.around);
      if (said?.refusal !== undefined) {
        const { code, reasons } = said.refusal;
        preFilter[plugin.name] = { code, reasons: inOrder(reasons) };
        continue;
      }
      if (said !== undefined && said.state === undefined) {
        preFilter[plugin.name] = { code: 'Skip' };
        continue;
      }
      if (said?.nodes !== undefined) {
        const nodes = this.known(said.nodes);
        // The real answer is written without an empty list.
        preFilter[plugin.name] = { code: 'Success', ...(nodes.length === 0 ? {} : { nodes }) };
      }
      const rejections = this.rejectionsBy(plugin, said?.state);
      if (rejections.length > 0) filter[plugin.name] = rejections;
    }
    return { preFilter, filter };
  }

  private known(names: ReadonlySet<string>): number[] {
    const positions = [...names].flatMap((name) => this.positions.get(name) ?? []);
    return positions.sort((a, b) => a - b);
  }

  private rejectionsBy(plugin: FilterPlugin, state: unknown): Rejection[] {
    return this.nodes.flatMap((node) => {
      const refusal = plugin.filter(this.pod, node, state, this.around);
      if (refusal === undefined) return [];
      return [[this.position(node), refusal.code, ...inOrder(refusal.reasons)]];
    });
  }

  private verdict(): { feasible: NodeInfo[]; rejected: Rejection[] } {
    const start = CycleFilters.begin(this.profile.filters, this.pod, this.nodes, this.around);
    const feasible: NodeInfo[] = [];
    const rejected: Rejection[] = [];
    for (const node of this.nodes) {
      const refusal = start.refusal ?? this.refusalOf(node, start.nodes, start.filters);
      if (refusal === undefined) feasible.push(node);
      else rejected.push([this.position(node), refusal.code, refusal.plugin]);
    }
    return { feasible, rejected };
  }

  private refusalOf(
    node: NodeInfo,
    names: ReadonlySet<string> | undefined,
    filters: CycleFilters,
  ): Refusal | undefined {
    if (names !== undefined && !names.has(node.node.name)) {
      return { code: 'UnschedulableAndUnresolvable', plugin: '', reasons: [] };
    }
    return filters.refusalOf(node, this.nominated);
  }

  private askScores(feasible: readonly NodeInfo[]): Pick<Answer, 'scores' | 'total'> {
    if (feasible.length === 0) return { total: [] };
    const { scores: weighted } = this.profile;
    const { plugins, total } = scoreNodes(weighted, this.pod, feasible, this.nodes, this.around);
    const scores = plugins.map(({ plugin, ...score }) => [plugin, score] as const);
    return { scores: Object.fromEntries(scores), total };
  }
}

/** Reasons of the real code come from maps in places; their order means nothing. */
function inOrder(reasons: readonly string[]): string[] {
  return [...reasons].sort((a, b) => (a < b ? -1 : 1));
}
