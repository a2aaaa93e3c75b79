/** The hosts of one group as capacity: weights of their types, by way of buying. A host of a type without a weight counts 1. */

import { isSpotHost } from './purchase-options.ts';
import type { AutoScalingGroup, MixedInstances } from './group.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

export class Roster {
  readonly mixed: MixedInstances;
  private readonly view: ClusterView;
  private readonly weights: ReadonlyMap<string, number>;

  constructor(view: ClusterView, group: AutoScalingGroup) {
    this.view = view;
    this.mixed = group.instances ?? plainInstances(view, group);
    this.weights = new Map(this.mixed.types.map(({ name, weight }) => [name, weight]));
  }

  weightOf(host: number): number {
    return this.weights.get(this.view.hostTypes[host]!) ?? 1;
  }

  /** Of any type: what one launch brings at most. */
  get weightMax(): number {
    return this.mixed.types.reduce((most, { weight }) => Math.max(most, weight), 1);
  }

  capacity(hosts: readonly number[]): number {
    return hosts.reduce((sum, host) => sum + this.weightOf(host), 0);
  }

  onDemand(hosts: readonly number[]): number {
    return this.capacity(hosts.filter((host) => !isSpotHost(this.view, host)));
  }
}

/** A group of one type: bought in one way, for which the strategies choose nothing. */
function plainInstances(view: ClusterView, { pool }: AutoScalingGroup): MixedInstances {
  const { instanceTypes, spot } = view.pools.descriptions[pool]!;
  return {
    types: instanceTypes.slice(0, 1).map((name) => ({ name, weight: 1 })),
    onDemandBase: 0,
    onDemandPercent: spot ? 0 : 100,
    onDemandStrategy: 'prioritized',
    spotStrategy: 'lowest-price',
    spotPools: 2,
  };
}
