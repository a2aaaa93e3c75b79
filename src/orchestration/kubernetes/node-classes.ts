/**
 * What the normalised scores look at, for one request: nodes of one class (taints that the pod dislikes, zone, pods of the
 * workload on the node) get the same of every such score in a cycle, so these are computed once a class.
 *
 * Plain      a request that nothing spreads has classes of taints alone.
 */

import { dislikedTaints } from './plugins/taint-score.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PlacementRequest } from '../../placement/policy.ts';

export class NodeClasses {
  /** Per class. */
  readonly disliked: number[] = [];
  readonly zone: number[] = [];
  readonly onHost: number[] = [];
  private readonly view: ClusterView;
  private readonly request: PlacementRequest;
  private readonly spreads: boolean;
  /** By taints and zone, then by pods on the node. */
  private readonly ids: (number | undefined)[][] = [];
  /** By kind of host. */
  private readonly dislikedOf: (number | undefined)[] = [];

  constructor(view: ClusterView, request: PlacementRequest, spreads: boolean) {
    this.view = view;
    this.request = request;
    this.spreads = spreads;
  }

  get count(): number {
    return this.zone.length;
  }

  of(host: number): number {
    const { hosts, counts, zones } = this.view;
    const kind = hosts.kind[host]!;
    const disliked = this.dislikedOf[kind] ?? this.ask(kind);
    const zone = this.spreads ? hosts.zone[host]! : 0;
    const onHost = this.spreads ? counts.onHost(this.request.workload, host) : 0;
    const ids = (this.ids[disliked * zones.length + zone] ??= []);
    return ids[onHost] ?? (ids[onHost] = this.add(disliked, zone, onHost));
  }

  private ask(kind: number): number {
    const { specs } = this.view;
    return (this.dislikedOf[kind] = dislikedTaints(
      specs.at(this.request.spec),
      specs.kindAt(kind),
    ));
  }

  private add(disliked: number, zone: number, onHost: number): number {
    this.disliked.push(disliked);
    this.zone.push(zone);
    this.onHost.push(onHost);
    return this.count - 1;
  }
}
