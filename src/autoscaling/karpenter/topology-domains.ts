/**
 * The domains that nodes to come can have: for each label, the values that types of some NodePool offer within what the
 * NodePool asks for, and the values that a NodePool itself lists.
 *
 * Taints  a rule takes a domain only if its pod tolerates all taints of some NodePool that has the domain. Spreads do so where
 *         they honour taints; affinity and anti-affinity always do (a quirk of the real one: their policy is unset).
 * Quirk   of a NotIn the excluded values become domains, as the real one reads stored values.
 * Source  aws.md 1.11 (Karpenter 1.14, topology.go, topologydomaingroup.go).
 */

import { Requirement } from './requirement.ts';
import { Requirements } from './requirements.ts';
import { tolerates } from '../../cluster/specs.ts';
import type { Taint, Toleration } from '../../cluster/spec.ts';

/** A NodePool as far as domains go. */
export interface DomainSource {
  /** What it asks for and its labels. */
  readonly requirements: Requirements;
  readonly taints: readonly Taint[];
  /** Of the types that it is offered. */
  readonly types: readonly Requirements[];
}

type TaintLists = (readonly Taint[])[];

export class TopologyDomains {
  private readonly sources: readonly DomainSource[];
  private readonly byKey = new Map<string, ReadonlyMap<string, TaintLists>>();
  private readonly pins = new Map<string, Requirements>();

  constructor(sources: readonly DomainSource[]) {
    this.sources = sources.filter(({ types }) => types.length > 0);
  }

  /** Domains of a label; of those, what a pod with these tolerations may reach, where that is asked. */
  *of(key: string, tolerations: readonly Toleration[] | undefined): Iterable<string> {
    for (const [domain, lists] of this.listed(key)) {
      const isReachable =
        tolerations === undefined ||
        lists.some((taints) =>
          taints.every((taint) => tolerations.some((one) => tolerates(one, taint))),
        );
      if (isReachable) yield domain;
    }
  }

  /** `key In domains`, the same object for the same domains. */
  pin(requirement: Requirement): Requirements {
    const { text } = requirement;
    let pin = this.pins.get(text);
    if (pin === undefined) this.pins.set(text, (pin = Requirements.of([requirement])));
    return pin;
  }

  private listed(key: string): ReadonlyMap<string, TaintLists> {
    let listed = this.byKey.get(key);
    if (listed === undefined) this.byKey.set(key, (listed = this.list(key)));
    return listed;
  }

  private list(key: string): Map<string, TaintLists> {
    const found = new Map<string, TaintLists>();
    for (const { requirements, taints, types } of this.sources) {
      const own = requirements.get(key);
      const values = new Set<string>();
      for (const type of types) {
        const offered = type.get(key);
        const both =
          own === undefined || offered === undefined ? (own ?? offered) : own.and(offered);
        for (const value of both?.values ?? []) values.add(value);
      }
      if (own !== undefined && !own.complement) for (const value of own.values) values.add(value);
      for (const value of values) {
        const lists = found.get(value);
        if (lists === undefined) found.set(value, [taints]);
        else lists.push(taints);
      }
    }
    return found;
  }
}
