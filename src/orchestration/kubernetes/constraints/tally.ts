/**
 * A sum over the pods in each domain of a topology key, kept as pods come and go: every pod adds what its template weighs.
 * How many pods a selector finds, whose anti-affinity there is, what preferences add up to: all are tallies.
 */

import { NO_DOMAIN } from './domains.ts';
import type { Domains } from './domains.ts';

export interface TallyQuestion {
  readonly domains: Domains;
  /** What a pod of a template adds; 0 for pods that do not matter. */
  readonly weightOf: (template: number) => number;
  /** Are pods on hosts of this kind counted? All are where it is absent. */
  readonly countsKind?: (kind: number) => boolean;
  /** Pods that are terminating do not count. */
  readonly leavesOutTerminating?: boolean;
}

export class Tally {
  readonly domains: Domains;
  readonly leavesOutTerminating: boolean;
  /** Over all domains. */
  total = 0;
  private readonly question: TallyQuestion;
  private readonly weights: (number | undefined)[] = [];
  private sums = new Float64Array(16);

  constructor(question: TallyQuestion) {
    this.question = question;
    this.domains = question.domains;
    this.leavesOutTerminating = question.leavesOutTerminating === true;
  }

  /** The sum in a domain; 0 in none. */
  at(domain: number): number {
    return domain === NO_DOMAIN ? 0 : (this.sums[domain] ?? 0);
  }

  weightOf(template: number): number {
    return (this.weights[template] ??= this.question.weightOf(template));
  }

  /** Adds `pods` pods of a template on a host; fewer than 0 when they leave. */
  add(template: number, host: number, kind: number, pods: number): void {
    const amount = this.weightOf(template) * pods;
    if (amount === 0 || this.question.countsKind?.(kind) === false) return;
    const domain = this.domains.of(host);
    if (domain === NO_DOMAIN) return;
    if (domain >= this.sums.length) {
      const larger = new Float64Array(2 * domain);
      larger.set(this.sums);
      this.sums = larger;
    }
    this.sums[domain]! += amount;
    this.total += amount;
  }
}
