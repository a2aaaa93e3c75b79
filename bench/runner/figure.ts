/**
 * A figure: what one thing costs Berth, against what it costs a plain twin in the same run. Every program under bench/
 * prints its figures as one JSON array when it is given `--json`, and nothing else on standard output:
 *
 *     if (args.includes('--json')) printFigures([figureOf({ ... })]);
 *
 * Costs      less is better: 'ns', 'us', 's', 'MiB'. A round is one measurement of both, side by side.
 * Ratio      twin / Berth, the median over the rounds: how many times as much the twin costs. The ratio of a growth is
 *            Berth / twin: how many times as much the larger size costs; its twin is Berth at the smaller size.
 * Spread     lowest and highest ratio of the rounds; from four rounds on, of their middle half.
 * Identity   a figure is the same from run to run when name, workload, size and twin are.
 */

import { median, middleOf } from './middle.ts';

export interface Aim {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Figure {
  /** What is done, in a word or three: 'hold', 'place best-fit'. */
  readonly name: string;
  readonly workload: string;
  readonly size: string;
  /** Of both costs. */
  readonly unit: string;
  readonly value: number;
  readonly twin: string;
  readonly twinValue: number;
  readonly ratio: number;
  readonly spread: readonly [lowest: number, highest: number];
  readonly rounds: number;
  /** True when the ratio is a growth, so that less is better. */
  readonly isGrowth: boolean;
  /** Of what was done, not of what it cost: a changed hash is a changed result. */
  readonly hash: string;
  /** Both did the same. */
  readonly agree: boolean;
  readonly aim?: Aim;
}

export interface Measured extends Pick<
  Figure,
  'name' | 'workload' | 'size' | 'unit' | 'twin' | 'agree'
> {
  /** One a round. */
  readonly costs: readonly number[];
  /** One a round, in the order of `costs`. */
  readonly twinCosts: readonly number[];
  readonly hash: string | number;
  readonly isGrowth?: boolean;
  readonly aim?: Aim;
}

export function figureOf(measured: Measured): Figure {
  const { costs, twinCosts, hash, isGrowth = false, aim, ...same } = measured;
  const ratios = costs.map((cost, round) =>
    isGrowth ? cost / twinCosts[round]! : twinCosts[round]! / cost,
  );
  return {
    ...same,
    value: median(costs),
    twinValue: median(twinCosts),
    ratio: median(ratios),
    spread: middleOf(ratios),
    rounds: costs.length,
    isGrowth,
    hash: typeof hash === 'number' ? hash.toString(16).padStart(8, '0') : hash,
    ...(aim === undefined ? {} : { aim }),
  };
}

export function printFigures(figures: readonly Figure[]): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
