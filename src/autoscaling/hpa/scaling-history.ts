/**
 * What a HorizontalPodAutoscaler remembers, and what limits make of its newest recommendation (kubernetes.md 4.1
 * "Normalise").
 *
 *   without behavior   the highest recommendation of the last 300 s, at most maximum and max(2 x current, 4), at least
 *                      minimum
 *   with behavior      raised to the lowest recommendation within the window of scaling up, lowered to the highest
 *                      within that of scaling down, else as it is; then within what the policies leave of the change:
 *                        up     periodStart + pods, ceil(periodStart x (1 + percent / 100))
 *                        down   periodStart - pods, trunc(periodStart x (1 - percent / 100))
 *                      periodStart = current - added + removed within the policy's period
 *
 * Edges      without behavior a recommendation of just 300 s ago counts; with it those on the edge of a window or period
 *            do not.
 * Slots      one entry that no longer counts is overwritten a round, the last of them; others stay.
 */

import { STABILIZATION_US } from '../../cluster/scaling-behavior.ts';
import type {
  ScalingBehavior,
  ScalingPolicy,
  ScalingRules,
} from '../../cluster/controller-specs.ts';

export interface Timed {
  readonly atUs: number;
  readonly replicas: number;
}

export interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}

export interface ScalingHistoryState {
  readonly recommendations: readonly Timed[];
  readonly added: readonly Timed[];
  readonly removed: readonly Timed[];
}

const SCALE_UP_FACTOR = 2;
const SCALE_UP_LIMIT_MIN = 4;

export class ScalingHistory {
  private recommendations: Timed[] = [];
  private added: Timed[] = [];
  private removed: Timed[] = [];

  /** The size at first sight counts as the first recommendation. */
  begin(replicas: number, nowUs: number): void {
    if (this.recommendations.length === 0) this.recommendations.push({ atUs: nowUs, replicas });
  }

  /** What becomes of `proposed`, which is noted. */
  normalize(
    proposed: number,
    current: number,
    bounds: Bounds,
    behavior: ScalingBehavior | undefined,
    nowUs: number,
  ): number {
    if (behavior === undefined) {
      const stable = this.highestRecent(proposed, nowUs);
      const limit = Math.max(SCALE_UP_FACTOR * current, SCALE_UP_LIMIT_MIN);
      // As the real code asks: whoever is below the minimum is not held by the limit, all others are.
      return stable < bounds.minimum ? bounds.minimum : Math.min(stable, bounds.maximum, limit);
    }
    const stable = this.stabilized(proposed, current, behavior, nowUs);
    return this.withinRates(stable, current, bounds, behavior, nowUs);
  }

  /** Notes a change that was made; without behavior nobody asks for it. */
  scaled(from: number, to: number, behavior: ScalingBehavior | undefined, nowUs: number): void {
    if (behavior === undefined) return;
    const isUp = to > from;
    const { policies } = isUp ? behavior.scaleUp : behavior.scaleDown;
    const longestUs = policies.reduce((most, { periodUs }) => Math.max(most, periodUs), 0);
    const change = { atUs: nowUs, replicas: isUp ? to - from : from - to };
    note(isUp ? this.added : this.removed, change, ({ atUs }) => atUs < nowUs - longestUs);
  }

  save(): ScalingHistoryState {
    return {
      recommendations: [...this.recommendations],
      added: [...this.added],
      removed: [...this.removed],
    };
  }

  restore(state: ScalingHistoryState): void {
    this.recommendations = [...state.recommendations];
    this.added = [...state.added];
    this.removed = [...state.removed];
  }

  private highestRecent(proposed: number, nowUs: number): number {
    const cutoffUs = nowUs - STABILIZATION_US;
    const highest = this.recommendations.reduce(
      (most, { atUs, replicas }) => (atUs >= cutoffUs ? Math.max(most, replicas) : most),
      proposed,
    );
    const newest = { atUs: nowUs, replicas: proposed };
    note(this.recommendations, newest, ({ atUs }) => atUs < cutoffUs);
    return highest;
  }

  private stabilized(
    proposed: number,
    current: number,
    { scaleUp, scaleDown }: ScalingBehavior,
    nowUs: number,
  ): number {
    const upCutoffUs = nowUs - scaleUp.stabilizationUs;
    const downCutoffUs = nowUs - scaleDown.stabilizationUs;
    let lowest = proposed;
    let highest = proposed;
    for (const { atUs, replicas } of this.recommendations) {
      if (atUs > upCutoffUs) lowest = Math.min(lowest, replicas);
      if (atUs > downCutoffUs) highest = Math.max(highest, replicas);
    }
    const newest = { atUs: nowUs, replicas: proposed };
    note(this.recommendations, newest, ({ atUs }) => atUs < upCutoffUs && atUs < downCutoffUs);
    return Math.min(Math.max(current, lowest), highest);
  }

  private withinRates(
    wanted: number,
    current: number,
    { minimum, maximum }: Bounds,
    { scaleUp, scaleDown }: ScalingBehavior,
    nowUs: number,
  ): number {
    if (wanted > current) {
      const limit = Math.max(this.limitOf(scaleUp, true, current, nowUs), current);
      return Math.min(wanted, maximum, limit);
    }
    if (wanted < current) {
      const limit = Math.min(this.limitOf(scaleDown, false, current, nowUs), current);
      return Math.max(wanted, minimum, limit);
    }
    return wanted;
  }

  /** How far the policies of one direction let the number go. */
  private limitOf(rules: ScalingRules, isUp: boolean, current: number, nowUs: number): number {
    if (rules.selectPolicy === 'Disabled') return current;
    const results = rules.policies.map((policy) => {
      const cutoffUs = nowUs - policy.periodUs;
      const start = current - sumAfter(this.added, cutoffUs) + sumAfter(this.removed, cutoffUs);
      return isUp ? raised(start, policy) : lowered(start, policy);
    });
    const takesHighest = (rules.selectPolicy === 'Max') === isUp;
    return takesHighest ? Math.max(...results) : Math.min(...results);
  }
}

function raised(start: number, { kind, value }: ScalingPolicy): number {
  return kind === 'Pods' ? start + value : Math.ceil(start * (1 + value / 100));
}

function lowered(start: number, { kind, value }: ScalingPolicy): number {
  return kind === 'Pods' ? start - value : Math.trunc(start * (1 - value / 100));
}

function sumAfter(changes: readonly Timed[], cutoffUs: number): number {
  return changes.reduce((sum, { atUs, replicas }) => (atUs > cutoffUs ? sum + replicas : sum), 0);
}

/** Puts the entry in the place of the last one that is out of date, or at the end. */
function note(entries: Timed[], entry: Timed, isOld: (entry: Timed) => boolean): void {
  const old = entries.findLastIndex(isOld);
  if (old >= 0) entries[old] = entry;
  else entries.push(entry);
}
