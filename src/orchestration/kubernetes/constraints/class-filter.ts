/**
 * Which classes of nodes keep the rules that filter (kubernetes.md 1.8): hard spreading, affinity between pods, host ports.
 *
 *     spreading      pods in the domain + (1 if the pod matches itself) - least in any domain <= maxSkew
 *     affinity       pods that all terms match, under every key; or none anywhere, and the pod matches its own terms
 *     anti-affinity  nothing that either side wants far, and nobody on the pod's host ports
 */

import { NO_DOMAIN } from './domains.ts';
import type { NodeClasses } from '../node-classes.ts';
import type { PodRules } from './pod-rules.ts';
import type { SpreadRule } from './spread-rule.ts';
import type { Tally } from './tally.ts';

export class ClassFilter {
  private allowed = new Uint8Array(16);
  private readonly domains = new Set<number>();

  /** By class, 1 or 0. `sizes` says how many nodes of the list a class has; asked for hard spreading alone. */
  allowedBy(rules: PodRules, classes: NodeClasses, sizes: Int32Array): Uint8Array {
    const { count } = classes;
    if (this.allowed.length < count) this.allowed = new Uint8Array(2 * count);
    const { allowed } = this;
    for (let i = 0; i < count; i++) allowed[i] = Number(keepsAffinity(rules, classes, i));
    for (const rule of rules.hard) this.filterBySpread(rule, classes, sizes);
    return allowed;
  }

  private filterBySpread(rule: SpreadRule, classes: NodeClasses, sizes: Int32Array): void {
    const { tally, self, maxSkew, countsKind } = rule;
    const least = this.leastOf(rule, classes, sizes);
    for (let i = 0; i < classes.count; i++) {
      if (this.allowed[i] === 0) continue;
      const kind = classes.kind[i]!;
      // On a node that the policies leave out nothing was counted.
      const counts = !tally.domains.isByHost || countsKind?.(kind) !== false;
      const pods = counts ? classes.found(i, tally) : 0;
      this.allowed[i] = Number(isInDomain(tally, kind) && pods + self - least <= maxSkew);
    }
  }

  /** Fewest pods in a domain that a node of the list counts for; 0 with fewer domains than asked for. */
  private leastOf(
    { tally, countsKind, minDomains }: SpreadRule,
    classes: NodeClasses,
    sizes: Int32Array,
  ): number {
    const { domains } = tally;
    this.domains.clear();
    let domainCount = 0;
    let least = Infinity;
    for (let i = 0; i < classes.count; i++) {
      const kind = classes.kind[i]!;
      if ((sizes[i] ?? 0) === 0 || countsKind?.(kind) === false) continue;
      if (domains.isByHost) domainCount += sizes[i]!;
      else this.domains.add(domains.ofKind(kind));
      least = Math.min(least, classes.found(i, tally));
    }
    domainCount += this.domains.size;
    return domainCount < minDomains ? 0 : least;
  }
}

function keepsAffinity({ affinity }: PodRules, classes: NodeClasses, nodeClass: number): boolean {
  const { liked, likesItself, disliked } = affinity;
  for (const tally of disliked) if (classes.found(nodeClass, tally) > 0) return false;
  let isLiked = true;
  let isFirst = likesItself;
  for (const tally of liked) {
    if (!isInDomain(tally, classes.kind[nodeClass]!)) return false;
    if (classes.found(nodeClass, tally) <= 0) isLiked = false;
    if (tally.total > 0) isFirst = false;
  }
  return isLiked || isFirst;
}

function isInDomain({ domains }: Tally, kind: number): boolean {
  return domains.isByHost || domains.ofKind(kind) !== NO_DOMAIN;
}
