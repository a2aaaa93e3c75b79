/**
 * What the jobs of each ClusterQueue hold of its quota, and whether one more would fit (kubernetes.md 1.13, Kueue).
 *
 *     fits       used + request <= nominal
 *     borrows    used + request <= nominal + limit        of a queue in a cohort, for at least one resource above its nominal
 *     both       used by the cohort + request <= nominal of the cohort: what a queue does not use, others may have borrowed
 */

/** CPU ticks, memory bytes and milli-GPUs. */
export type QuotaAmounts = readonly [cpuTicks: number, memoryBytes: number, gpuMilli: number];

export interface ClusterQueue {
  readonly name: string;
  /** Queues of one cohort lend each other what they do not use; '' for none. */
  readonly cohort: string;
  /** Infinity where a resource is not limited. */
  readonly nominal: QuotaAmounts;
  /** Most that it may use above its nominal quota. */
  readonly borrowing: QuotaAmounts;
}

export type QuotaAnswer = 'fits' | 'borrows' | 'does-not-fit';

const RESOURCES = [0, 1, 2] as const;

export class QuotaBook {
  private readonly queues: readonly ClusterQueue[];
  /** By queue. */
  private readonly used: [number, number, number][];

  constructor(queues: readonly ClusterQueue[]) {
    this.queues = queues;
    this.used = queues.map(() => [0, 0, 0]);
  }

  answer(queue: number, request: QuotaAmounts): QuotaAnswer {
    const { nominal, borrowing } = this.queues[queue]!;
    let answer: QuotaAnswer = 'fits';
    for (const resource of RESOURCES) {
      const asked = request[resource];
      if (asked === 0) continue;
      const used = this.used[queue]![resource] + asked;
      if (used > nominal[resource]) {
        if (used > nominal[resource] + borrowing[resource]) return 'does-not-fit';
        answer = 'borrows';
      }
      if (this.usedInCohort(queue, resource) + asked > this.nominalOfCohort(queue, resource)) {
        return 'does-not-fit';
      }
    }
    return answer;
  }

  /** Takes (sign 1) or gives back (sign -1) what a job asks for. */
  move(queue: number, request: QuotaAmounts, sign: 1 | -1): void {
    for (const resource of RESOURCES) this.used[queue]![resource] += sign * request[resource];
  }

  /** Rows of the queues that share their quota with this one, itself among them. */
  cohortOf(queue: number): number[] {
    const { cohort } = this.queues[queue]!;
    if (cohort === '') return [queue];
    return [...this.queues.keys()].filter((other) => this.queues[other]!.cohort === cohort);
  }

  save(): readonly (readonly number[])[] {
    return this.used.map((amounts) => [...amounts]);
  }

  restore(state: readonly (readonly number[])[]): void {
    for (const [queue, amounts] of state.entries()) {
      for (const resource of RESOURCES) this.used[queue]![resource] = amounts[resource]!;
    }
  }

  private usedInCohort(queue: number, resource: 0 | 1 | 2): number {
    return this.cohortOf(queue).reduce((sum, other) => sum + this.used[other]![resource], 0);
  }

  private nominalOfCohort(queue: number, resource: 0 | 1 | 2): number {
    return this.cohortOf(queue).reduce(
      (sum, other) => sum + this.queues[other]!.nominal[resource],
      0,
    );
  }
}
