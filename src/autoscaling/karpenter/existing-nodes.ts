/**
 * The nodes that a plan may fill: hosts of the cluster that take pods, and Karpenter's own that are still on their way.
 *
 * Order      ready ones first, then by name, which is the order of rows. The lowest one that fits wins.
 * Room       free, less the daemons that have yet to arrive; kept on a fork of the columns.
 * Check      taints (PreferNoSchedule until relaxed), pool, labels, resources, topology.
 * Settling   nodes still inside consolidateAfter take no pod that would move only to let its node go.
 * Source     aws.md 1.6, 1.20 (Karpenter 1.14, existingnode.go).
 */

import { ELIGIBLE } from '../../cluster/specs.ts';
import { NO_ROW } from '../../cluster/hosts.ts';
import { NO_HOST } from '../../placement/policy.ts';
import { mayUsePool } from '../../placement/feasible.ts';
import { Requirement } from './requirement.ts';
import { daemonsOf } from './template.ts';
import { domainOfHost } from './topology.ts';
import type { Attempt } from './attempt.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Fork } from '../../cluster/fork.ts';
import type { Topology } from './topology.ts';

export class ExistingNodes {
  private readonly view: ClusterView;
  private readonly fork: Fork;
  private readonly hosts: readonly number[];
  private readonly isSettling: (host: number) => boolean;
  /** By attempt key: the first position that may have room. All before it never will, since a plan only fills. */
  private readonly firstOpen = new Map<string, number>();

  /** `hosts` in the order in which they are tried. */
  constructor(
    view: ClusterView,
    cluster: number,
    fork: Fork,
    hosts: readonly number[],
    isSettling: (host: number) => boolean,
  ) {
    this.view = view;
    this.fork = fork;
    this.hosts = hosts;
    this.isSettling = isSettling;
    const daemons = daemonsOf(view, cluster);
    for (const host of hosts) this.reserveDaemons(host, daemons);
  }

  /** The host that takes the pod, or NO_HOST. */
  take(attempt: Attempt, topology: Topology): number {
    const { pod } = attempt;
    const key = attempt.key;
    let at = this.firstOpen.get(key) ?? 0;
    while (at < this.hosts.length && !this.mayHold(attempt, this.hosts[at]!)) at++;
    this.firstOpen.set(key, at);
    for (; at < this.hosts.length; at++) {
      const host = this.hosts[at]!;
      if (!this.mayHold(attempt, host) || !spreadAllows(this.view, attempt, topology, host)) {
        continue;
      }
      this.fork.place(pod.spec, host);
      topology.recordHost(pod, host);
      return host;
    }
    return NO_HOST;
  }

  /** Everything but topology: once false in a plan, false for good. */
  private mayHold(attempt: Attempt, host: number): boolean {
    const { hosts, specs } = this.view;
    const { spec, workload, pool, isMoved } = attempt.pod;
    const kind = hosts.kind[host]!;
    return (
      this.fork.fits(spec, host) &&
      specs.eligibility(spec, kind) === ELIGIBLE &&
      attempt.toleratesAll(specs.kindAt(kind).taints) &&
      (pool === NO_ROW || pool === hosts.pool[host]) &&
      mayUsePool(this.view, hosts.pool[host]!, workload) &&
      !(isMoved && this.isSettling(host))
    );
  }

  /** Keeps the room of daemons that belong on the host and are not there, even where it is overfull. */
  private reserveDaemons(host: number, daemons: readonly number[]): void {
    const { view } = this;
    for (const workload of daemons) {
      const spec = view.workloads.spec[workload]!;
      if (view.counts.onHost(workload, host) > 0) continue;
      if (!mayUsePool(view, view.hosts.pool[host]!, workload)) continue;
      if (view.specs.eligibility(spec, view.hosts.kind[host]!) !== ELIGIBLE) continue;
      this.fork.place(spec, host);
    }
  }
}

function spreadAllows(
  view: ClusterView,
  { pod, spread, requirements }: Attempt,
  topology: Topology,
  host: number,
): boolean {
  return spread.every((constraint) => {
    const group = topology.groupOf(pod.workload, constraint);
    const domain = domainOfHost(view, group.key, host);
    if (domain === undefined) return false;
    if (group.isHostname) return group.hasRoomOn(domain);
    return group.domainFor(requirements, Requirement.is(group.key, domain)) !== undefined;
  });
}
