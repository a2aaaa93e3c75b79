/**
 * The filters of one scheduling cycle with what each of them knows of the pod and the cluster (kubernetes.md 1.3 step 4, 1.4).
 *
 * Skip       a plugin that has nothing to say of the pod is left out for the rest of the cycle, what-ifs included.
 * Node       filters run in the profile's order; the first refusal is the node's.
 * Nominated  where pods of no lower priority wait for the node, a node must pass twice: with them on it, and without.
 */

import type { FilterPlugin } from './plugin.ts';
import type { NodeInfo } from './node-info.ts';
import type { NominatedPods } from './nominated-pods.ts';
import type { PluginName, Refusal } from './status.ts';
import type { PodInfo } from './pod-info.ts';
import type { Surroundings } from './surroundings.ts';

/** Several plugins name nodes, but none in common. No plugin says this refusal alone. */
function disjoint(plugins: readonly PluginName[]): Refusal {
  const names = [...plugins].sort((a, b) => (a < b ? -1 : 1)).join(' ');
  const which = plugins.length === 1 ? `plugin [${names}]` : `plugin(s) [${names}] simultaneously`;
  return {
    code: 'UnschedulableAndUnresolvable',
    plugin: '',
    reasons: [`node(s) didn't satisfy ${which}`],
  };
}

/** What PreFilter said. */
export interface FilterStart {
  readonly filters: CycleFilters;
  /** The only nodes that remain, by name; absent for all. */
  readonly nodes?: ReadonlySet<string>;
  /** Plugins that named nodes. */
  readonly narrowing: readonly PluginName[];
  /** Of every node. */
  readonly refusal?: Refusal;
}

export class CycleFilters {
  private readonly pod: PodInfo;
  private readonly around: Surroundings;
  private readonly plugins: readonly FilterPlugin[];
  private readonly states: readonly unknown[];

  private constructor(
    pod: PodInfo,
    around: Surroundings,
    plugins: readonly FilterPlugin[],
    states: readonly unknown[],
  ) {
    this.pod = pod;
    this.around = around;
    this.plugins = plugins;
    this.states = states;
  }

  /** Runs PreFilter of all plugins; the first refusal that preemption cannot resolve ends it. */
  static begin(
    all: readonly FilterPlugin[],
    pod: PodInfo,
    nodes: readonly NodeInfo[],
    around: Surroundings,
  ): FilterStart {
    const plugins: FilterPlugin[] = [];
    const states: unknown[] = [];
    const filters = new CycleFilters(pod, around, plugins, states);
    const narrowing: PluginName[] = [];
    let remaining: ReadonlySet<string> | undefined;
    let refusal: Refusal | undefined;
    for (const plugin of all) {
      if (plugin.preFilter === undefined) {
        plugins.push(plugin);
        states.push(undefined);
        continue;
      }
      const said = plugin.preFilter(pod, nodes, around);
      if (said.refusal !== undefined) {
        refusal = said.refusal;
        if (refusal.code !== 'Unschedulable') return { filters, narrowing: [], refusal };
        continue;
      }
      if (said.state === undefined) continue;
      plugins.push(plugin);
      states.push(said.state);
      if (said.nodes === undefined) continue;
      narrowing.push(plugin.name);
      remaining = remaining === undefined ? said.nodes : intersection(remaining, said.nodes);
      if (remaining.size === 0) return { filters, narrowing, refusal: disjoint(narrowing) };
    }
    return {
      filters,
      narrowing,
      ...(remaining === undefined ? {} : { nodes: remaining }),
      ...(refusal === undefined ? {} : { refusal }),
    };
  }

  /** Undefined where the node will do, with and without the pods that are nominated to it. */
  refusalOf(node: NodeInfo, nominated: NominatedPods): Refusal | undefined {
    const waiting = nominated.on(node.node.name);
    if (waiting.length > 0) {
      const refusal = this.refusalWith(node, waiting);
      if (refusal !== undefined) return refusal;
    }
    return this.refusalAsIs(node);
  }

  /** A copy for a what-if: what is added to it or removed is not seen here. */
  copy(): CycleFilters {
    const states = this.states.map((state, i) => {
      const plugin = this.plugins[i]!;
      return plugin.copy === undefined ? state : plugin.copy(state);
    });
    return new CycleFilters(this.pod, this.around, this.plugins, states);
  }

  /** Puts a pod on a node. */
  add(pod: PodInfo, node: NodeInfo): void {
    node.add(pod);
    for (const [i, plugin] of this.plugins.entries()) {
      plugin.podAdded?.(this.states[i], this.pod, pod, node);
    }
  }

  /** Takes a pod off its node. */
  remove(pod: PodInfo, node: NodeInfo): void {
    node.remove(pod.uid);
    for (const [i, plugin] of this.plugins.entries()) {
      plugin.podRemoved?.(this.states[i], this.pod, pod, node);
    }
  }

  private refusalWith(node: NodeInfo, waiting: readonly PodInfo[]): Refusal | undefined {
    const { pod } = this;
    const counted = waiting.filter(
      ({ spec, uid }) => spec.priority >= pod.spec.priority && uid !== pod.uid,
    );
    if (counted.length === 0) return undefined;
    const crowded = node.clone();
    const filters = this.copy();
    for (const one of counted) filters.add(one, crowded);
    return filters.refusalAsIs(crowded);
  }

  private refusalAsIs(node: NodeInfo): Refusal | undefined {
    const { plugins, states, pod, around } = this;
    for (let i = 0; i < plugins.length; i++) {
      const refusal = plugins[i]!.filter(pod, node, states[i], around);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((name) => b.has(name)));
}
