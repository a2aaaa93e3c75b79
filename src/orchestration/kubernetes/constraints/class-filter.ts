/**
 * Which classes of nodes the rules of a request refuse, and by which plugin first (kubernetes.md 1.8).
 *
 *     spreading      pods in the domain + (1 if the pod matches itself) - least in any domain <= maxSkew
 *     affinity       pods that all terms match, under every key; or none anywhere, and the pod matches its own terms
 *     anti-affinity  nothing that either side wants far
 *     ports          nobody on the pod's host ports
 */

import { NO_DOMAIN } from './domains.ts';
import type { NodeClasses } from '../cycle/node-classes.ts';
import type { PodRules } from './pod-rules.ts';
import type { SpreadRule } from './spread-rule.ts';
import type { Tally } from './tally.ts';

/** Who refuses a class first; 0 for nobody. */
export const REFUSED = { byNobody: 0, byPorts: 1, bySpread: 2, byAffinity: 3 } as const;

export class ClassFilter {
  private refused = new Uint8Array(16);
  private readonly domains = new Set<number>();

  /** By class, one of REFUSED. `sizes` says how many nodes of the list a class has; asked for hard spreading alone. */
  refusedBy(rules: PodRules, classes: NodeClasses, sizes: Int32Array): Uint8Array {
    const { count } = classes;
    if (this.refused.length < count) this.refused = new Uint8Array(2 * count);
    const { refused } = this;
    const { ports } = rules.affinity;
    for (let i = 0; i < count; i++) {
      refused[i] = meets(ports, classes, i) ? REFUSED.byPorts : REFUSED.byNobody;
    }
    for (const rule of rules.hard) this.filterBySpread(rule, classes, sizes);
    for (let i = 0; i < count; i++) {
      if (refused[i] === REFUSED.byNobody && !keepsAffinity(rules, classes, i)) {
        refused[i] = REFUSED.byAffinity;
      }
    }
    return refused;
  }

  private filterBySpread(rule: SpreadRule, classes: NodeClasses, sizes: Int32Array): void {
    const { refused } = this;
    const { tally, self, maxSkew, countsKind } = rule;
    const least = this.leastOf(rule, classes, sizes);
    for (let i = 0; i < classes.count; i++) {
      if (refused[i] !== REFUSED.byNobody) continue;
      const kind = classes.kind[i]!;
      // On a node that the policies leave out nothing was counted.
      const counts = !tally.domains.isByHost || countsKind?.(kind) !== false;
      const pods = counts ? classes.found(i, tally) : 0;
      const isKept = isInDomain(tally, kind) && pods + self - least <= maxSkew;
      if (!isKept) refused[i] = REFUSED.bySpread;
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
  if (meets(disliked, classes, nodeClass)) return false;
  let isLiked = true;
  let isFirst = likesItself;
  for (const tally of liked) {
    if (!isInDomain(tally, classes.kind[nodeClass]!)) return false;
    if (classes.found(nodeClass, tally) <= 0) isLiked = false;
    if (tally.total > 0) isFirst = false;
  }
  return isLiked || isFirst;
}

function meets(tallies: readonly Tally[], classes: NodeClasses, nodeClass: number): boolean {
  for (const tally of tallies) if (classes.found(nodeClass, tally) > 0) return true;
  return false;
}

function isInDomain({ domains }: Tally, kind: number): boolean {
  return domains.isByHost || domains.ofKind(kind) !== NO_DOMAIN;
}
