/**
 * What thinking costs: each simulated scheduling takes a time for each node of the cluster, and a method is cut off when its
 * own limit is over. The decision is the same as that of a machine that needs so long; only its moment differs.
 *
 * Time       probe = `karpenter.probe-us-per-node` x nodes, an assumption from one measurement.
 * Source     aws.md 1.19; the limits of multi-node (1 minute) and single-node consolidation (3 minutes).
 */

export class ProbeClock {
  readonly probeUs: number;
  /** Of the pass so far. */
  spentUs = 0;
  probes = 0;
  private startedUs = 0;

  constructor(probeUs: number) {
    this.probeUs = probeUs;
  }

  /** A method begins. */
  start(): void {
    this.startedUs = this.spentUs;
  }

  /** One simulated scheduling. */
  tick(): void {
    this.probes++;
    this.spentUs += this.probeUs;
  }

  isOver(limitUs: number): boolean {
    return this.spentUs - this.startedUs > limitUs;
  }
}
