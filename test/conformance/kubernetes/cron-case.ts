/** A CronJob at some moment: which time of its schedule is due, and when would it look again? */

import type { Draw } from '../draw.ts';
import { NOW_SECONDS } from './vocabulary.ts';

export interface CronCase {
  readonly schedule: string;
  /** Seconds since 1970, as all times. */
  readonly created: number;
  readonly lastScheduled?: number;
  readonly deadlineSeconds?: number;
  readonly now: number;
}

const MACROS = ['@yearly', '@monthly', '@weekly', '@daily', '@hourly', '@every 90m', '@every 7s'];

export function drawCronCase(draw: Draw): CronCase {
  const created = NOW_SECONDS + draw.int(0, 400 * 86_400);
  const spans = [draw.int(0, 120), draw.int(0, 86_400), draw.int(0, 90 * 86_400)];
  const now = created + draw.pick(spans);
  return {
    schedule: draw.chance(0.15) ? draw.pick(MACROS) : drawFields(draw),
    created,
    ...draw.maybe(0.5, () => ({ lastScheduled: created + draw.int(0, now - created) })),
    ...draw.maybe(0.3, () => ({ deadlineSeconds: draw.pick([0, 30, 600, 86_400]) })),
    now,
  };
}

function drawFields(draw: Draw): string {
  const field = (min: number, max: number, stars: number, names: readonly string[] = []) => {
    if (draw.chance(stars)) return draw.pick(['*', '*', '*', '?', `*/${draw.int(1, 20)}`]);
    const one = () => {
      const from = draw.int(min, max);
      const kind = draw.int(0, 3);
      if (kind === 0) return `${from}-${draw.int(from, max)}`;
      if (kind === 1) return `${from}-${draw.int(from, max)}/${draw.int(1, 6)}`;
      if (kind === 2) return `${from}/${draw.int(1, 12)}`;
      return names.length > 0 && draw.chance(0.5) ? names[from - min]! : `${from}`;
    };
    return Array.from({ length: draw.int(1, 2) }, one).join(',');
  };
  const months = 'JAN feb Mar apr may jun jul aug sep oct nov dec'.split(' ');
  const days = 'SUN mon Tue wed thu fri sat'.split(' ');
  return [
    field(0, 59, 0.3),
    field(0, 23, 0.5),
    // The 31st of February never comes: such a schedule is an error there.
    field(1, 28, 0.7),
    field(1, 12, 0.8, months),
    field(0, 6, 0.7, days),
  ].join(' ');
}
