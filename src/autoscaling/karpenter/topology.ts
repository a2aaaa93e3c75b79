/**
 * Topology spread while a plan is made: pods per domain, and the domain that the next pod may use.
 *
 * Group     (workload, key, maxSkew); a constraint counts the pods of its own workload.
 * Domains   what the types of all NodePools offer, what NodePools list, labels of existing nodes.
 * Counted   pods bound in the cluster, less those that the plan itself moves; placed ones once their domain is certain.
 * Valid     count + 1 - min <= maxSkew, min over the domains that the pod's own requirements allow.
 * Hostname  a claim is a domain of its own and min is 0: valid when count + 1 <= maxSkew.
 * Choice    the valid domain with the lowest count; ties go to the smallest name (aws.md 12.1).
 * Left out  affinity, anti-affinity, minDomains, node policies; terminating pods are counted until they have gone.
 * Source    aws.md 1.11 (Karpenter 1.14, topology*.go).
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import { HOSTNAME } from './well-known-labels.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Pod } from './pod.ts';
import type { Requirement } from './requirement.ts';
import type { Requirements } from './requirements.ts';
import type { SpreadConstraint } from '../../cluster/spec.ts';
import type { Template } from './template.ts';

export class SpreadGroup {
  readonly key: string;
  private readonly maxSkew: number;
  private readonly counts: Map<string, number>;
  /** Names of the domains in code unit order; empty for hostnames. */
  private readonly domains: readonly string[];

  constructor(key: string, maxSkew: number, counts: Map<string, number>) {
    this.key = key;
    this.maxSkew = maxSkew;
    this.counts = counts;
    this.domains = key === HOSTNAME ? [] : [...counts.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  get isHostname(): boolean {
    return this.key === HOSTNAME;
  }

  /** May one more pod go to this host or claim? For hostname groups. */
  hasRoomOn(host: string): boolean {
    return (this.counts.get(host) ?? 0) + 1 <= this.maxSkew;
  }

  /** The domain to use, among those that the node may still be in; undefined when none is valid. */
  domainFor(pod: Requirements, node: Requirement | undefined): string | undefined {
    let min = Infinity;
    for (const domain of this.domains) {
      if (pod.allows(this.key, domain)) min = Math.min(min, this.counts.get(domain)!);
    }
    let best: string | undefined;
    let lowest = Infinity;
    for (const domain of this.domains) {
      const count = this.counts.get(domain)!;
      if (count >= lowest || count + 1 - min > this.maxSkew) continue;
      if (!pod.allows(this.key, domain) || node?.has(domain) === false) continue;
      best = domain;
      lowest = count;
    }
    return best;
  }

  add(domain: string, by: number): void {
    const count = this.counts.get(domain);
    if (count !== undefined || this.isHostname) this.counts.set(domain, (count ?? 0) + by);
  }
}

export class Topology {
  private readonly view: ClusterView;
  private readonly byWorkload = new Map<number, SpreadGroup[]>();
  private readonly byName = new Map<string, SpreadGroup>();

  /** Groups of all constraints of `pods`; `hosts` are the nodes of the cluster that still count. */
  constructor(
    view: ClusterView,
    templates: readonly Template[],
    hosts: readonly number[],
    pods: readonly Pod[],
  ) {
    this.view = view;
    for (const { spec, workload } of pods) {
      for (const constraint of view.specs.at(spec).spread) {
        const name = nameOf(workload, constraint);
        if (this.byName.has(name)) continue;
        const counts = this.countsOf(workload, constraint.topologyKey, templates, hosts);
        const group = new SpreadGroup(constraint.topologyKey, constraint.maxSkew, counts);
        this.byName.set(name, group);
        const groups = this.byWorkload.get(workload) ?? [];
        this.byWorkload.set(workload, [...groups, group]);
      }
    }
    for (const pod of pods) {
      if (pod.leaves !== NO_ROW) this.recordHost(pod, pod.leaves, -1);
    }
  }

  groupOf(workload: number, constraint: SpreadConstraint): SpreadGroup {
    return this.byName.get(nameOf(workload, constraint))!;
  }

  /** Counts a pod on an existing host. */
  recordHost(pod: Pod, host: number, by = 1): void {
    for (const group of this.byWorkload.get(pod.workload) ?? []) {
      const domain = domainOfHost(this.view, group.key, host);
      if (domain !== undefined) group.add(domain, by);
    }
  }

  /** Counts a pod on a claim, where the claim is down to one domain. */
  recordClaim(pod: Pod, requirements: Requirements, claimName: string): void {
    for (const group of this.byWorkload.get(pod.workload) ?? []) {
      const values = requirements.get(group.key);
      if (group.isHostname) group.add(claimName, 1);
      else if (values !== undefined && !values.complement && values.values.size === 1) {
        for (const domain of values.values) group.add(domain, 1);
      }
    }
  }

  private countsOf(
    workload: number,
    key: string,
    templates: readonly Template[],
    hosts: readonly number[],
  ): Map<string, number> {
    const counts = new Map<string, number>();
    if (key !== HOSTNAME) {
      for (const template of templates) {
        for (const domain of template.domainsOf(key)) counts.set(domain, 0);
      }
    }
    for (const host of hosts) {
      const domain = domainOfHost(this.view, key, host);
      if (domain === undefined) continue;
      const bound = this.view.counts.onHost(workload, host);
      if (bound > 0 || key !== HOSTNAME) counts.set(domain, (counts.get(domain) ?? 0) + bound);
    }
    return counts;
  }
}

/** The value of a label on a host; a hostname is the host's row. */
export function domainOfHost(view: ClusterView, key: string, host: number): string | undefined {
  if (key === HOSTNAME) return String(host);
  return view.specs.kindAt(view.hosts.kind[host]!).labels[key];
}

function nameOf(workload: number, { topologyKey, maxSkew }: SpreadConstraint): string {
  return `${workload}/${topologyKey}/${maxSkew}`;
}
