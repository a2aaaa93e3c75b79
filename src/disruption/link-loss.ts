/**
 * The link between own hosts and the region is cut for a time: the hosts run on, and nobody in the region hears of them
 * (aws.md 7.1, 7.2). Losses that overlap are one loss.
 */

export interface LinkLoss {
  /** Rows of the pools that are cut off; of `zone` only those of their hosts that stand there. */
  readonly pools: readonly number[];
  /** Row of a zone; absent for all. */
  readonly zone?: number;
  readonly fromUs: number;
  /** The first moment at which the link is back. */
  readonly untilUs: number;
}
