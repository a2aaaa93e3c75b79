/** What pods have in common that share their fate in the scheduling queue: one spec, one workload, one pool. */

import type { Batch } from './batch.ts';

export interface TemplateKey {
  readonly spec: number;
  readonly workload: number;
  /** NO_ROW where any will do. */
  readonly pool: number;
  /** Pods with a nominated node are tried there first, so they stand apart from their equals. */
  readonly isNominated: boolean;
  /** Rows of the claims of a pod that has some: equal pods with other claims are others. */
  readonly claims?: readonly number[] | undefined;
}

export class Template implements TemplateKey {
  readonly spec: number;
  readonly workload: number;
  readonly pool: number;
  readonly isNominated: boolean;
  readonly claims: readonly number[] | undefined;
  readonly priority: number;
  readonly batches: Batch[] = [];
  /** A batch without pods, to be used again. */
  spare: Batch | undefined;
  /** Number of the event that hints were last asked about, for which rejectors, and what they said. */
  askedEvent = -1;
  askedFor = 0;
  answer = false;

  constructor(key: TemplateKey, priority: number) {
    this.spec = key.spec;
    this.workload = key.workload;
    this.pool = key.pool;
    this.isNominated = key.isNominated;
    this.claims = key.claims;
    this.priority = priority;
  }
}
