/** One number that no primary source states: a third-party measurement, a calibration or a guess. */
export interface Assumption {
  /** Dotted kebab-case, its unit last where it has one: `launch.ec2-accepted-s`. What a scenario overrides. */
  readonly name: string;
  readonly default: number;
  /** The plausible range. A scenario may leave it, to ask "what if". */
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly source: string;
  readonly meaning: string;
}
