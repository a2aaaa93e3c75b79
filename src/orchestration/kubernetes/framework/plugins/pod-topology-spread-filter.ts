/**
 * PodTopologySpread as a filter (kubernetes.md 1.8). A node passes when for every hard constraint
 *
 *     pods in its domain + (1 if the pod matches its own selector) - least pods in any domain <= maxSkew
 *
 * Least      0 where there are fewer domains than minDomains.
 * What-if    only the two domains with the fewest pods are followed when pods come and go, as the real code does. Pods
 *            that are terminating count then, and so do all pods for an empty selector: both quirks are the real code's.
 * Counts     by the SpreadCounter handed in, see pod-topology-spread-counts.ts.
 */

import { COUNT_ALL, hasKeys, isCounted } from './pod-topology-spread-counts.ts';
import { selectorMatches } from '../label-selector.ts';
import { spreadConstraints } from './pod-topology-spread-constraints.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import type { Refusal } from '../status.ts';
import type { SpreadArguments } from '../../../../cluster/plugin-arguments.ts';
import type { SpreadCounter } from './pod-topology-spread-counts.ts';
import type { TopologySpread } from '../../../../cluster/pod-template.ts';

const LACKS_KEY: Refusal = {
  code: 'UnschedulableAndUnresolvable',
  plugin: 'PodTopologySpread',
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
};

const SKEWED: Refusal = {
  code: 'Unschedulable',
  plugin: 'PodTopologySpread',
  reasons: ["node(s) didn't match pod topology spread constraints"],
};

/** The two domains with the fewest pods. */
class FewestPods {
  private first = '';
  private second = '';
  private onFirst = Infinity;
  private onSecond = Infinity;

  get least(): number {
    return this.onFirst;
  }

  /** A domain has so many pods now. A third domain that falls behind these two later is not missed. */
  update(value: string, count: number): void {
    if (value === this.first) {
      this.onFirst = count;
      this.order();
    } else if (value === this.second) {
      this.onSecond = count;
      this.order();
    } else if (count < this.onFirst) {
      [this.second, this.onSecond] = [this.first, this.onFirst];
      [this.first, this.onFirst] = [value, count];
    } else if (count < this.onSecond) {
      [this.second, this.onSecond] = [value, count];
    }
  }

  copy(): FewestPods {
    const copy = new FewestPods();
    copy.first = this.first;
    copy.second = this.second;
    copy.onFirst = this.onFirst;
    copy.onSecond = this.onSecond;
    return copy;
  }

  private order(): void {
    if (this.onFirst <= this.onSecond) return;
    [this.first, this.second] = [this.second, this.first];
    [this.onFirst, this.onSecond] = [this.onSecond, this.onFirst];
  }
}

/** One hard constraint in a cycle. */
interface Spreading {
  readonly constraint: TopologySpread;
  /** 1 if the pod matches its own selector. */
  readonly self: number;
  readonly counted: ReadonlyMap<string, number>;
  /** In a what-if: the domains whose number of pods is another one. */
  readonly changed: Map<string, number>;
  readonly fewest: FewestPods;
}

export interface SpreadState {
  readonly keys: readonly string[];
  readonly spreadings: readonly Spreading[];
}

export function podTopologySpreadFilter(
  settings: SpreadArguments,
  counter: SpreadCounter = COUNT_ALL,
): FilterPlugin<SpreadState> {
  return {
    name: 'PodTopologySpread',
    preFilter(pod, nodes) {
      const constraints = spreadConstraints(pod.spec, settings, 'DoNotSchedule');
      if (constraints.length === 0) return {};
      const keys = constraints.map(({ topologyKey }) => topologyKey);
      const spreadings = constraints.map((constraint) =>
        begin(pod, constraint, counter.domains(pod, constraint, keys, nodes)),
      );
      return { state: { keys, spreadings } };
    },
    filter: (_, node, { spreadings }) => refusalOf(spreadings, node),
    copy: ({ keys, spreadings }) => ({ keys, spreadings: spreadings.map(copyOf) }),
    podAdded: (state, pod, added, node) => change(state, pod, added, node, 1),
    podRemoved: (state, pod, removed, node) => change(state, pod, removed, node, -1),
  };
}

function begin(
  pod: PodInfo,
  constraint: TopologySpread,
  counted: ReadonlyMap<string, number>,
): Spreading {
  const fewest = new FewestPods();
  for (const [value, count] of counted) fewest.update(value, count);
  const self = selectorMatches(constraint.selector, pod.spec.labels) ? 1 : 0;
  return { constraint, self, counted, changed: new Map(), fewest };
}

function copyOf(spreading: Spreading): Spreading {
  return {
    ...spreading,
    changed: new Map(spreading.changed),
    fewest: spreading.fewest.copy(),
  };
}

function podsIn({ counted, changed }: Spreading, value: string): number {
  return changed.get(value) ?? counted.get(value) ?? 0;
}

function refusalOf(spreadings: readonly Spreading[], { node }: NodeInfo): Refusal | undefined {
  for (const spreading of spreadings) {
    const { constraint, self, counted, fewest } = spreading;
    const value = node.labels[constraint.topologyKey];
    if (value === undefined) return LACKS_KEY;
    const least = counted.size < constraint.minDomains ? 0 : fewest.least;
    if (podsIn(spreading, value) + self - least > constraint.maxSkew) return SKEWED;
  }
  return undefined;
}

function change(
  { keys, spreadings }: SpreadState,
  pod: PodInfo,
  changed: PodInfo,
  { node }: NodeInfo,
  by: 1 | -1,
): void {
  if (changed.spec.template.namespace !== pod.spec.template.namespace) return;
  if (!hasKeys(node.labels, keys)) return;
  for (const spreading of spreadings) {
    const { constraint } = spreading;
    if (!selectorMatches(constraint.selector, changed.spec.labels)) continue;
    if (!isCounted(pod.spec, constraint, node)) continue;
    const value = node.labels[constraint.topologyKey]!;
    const count = podsIn(spreading, value) + by;
    spreading.changed.set(value, count);
    spreading.fewest.update(value, count);
  }
}
