/**
 * The readiness probe of a pod: that of the container which it finds ready last, could all of them answer at once
 * (kubernetes.md 2.3). How it asks does not matter: it never fails once the container answers.
 */

import { US_PER_SECOND } from '../../base/units.ts';
import { secondsUs } from './api-values.ts';
import type { ReadinessProbe } from './manifest-workloads.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const PERIOD_US = 10 * US_PER_SECOND;

export function readinessProbeOf(podSpec: YamlCursor): ReadinessProbe | undefined {
  let latest: ReadinessProbe | undefined;
  for (const container of podSpec.get('containers').items()) {
    const written = container.get('readinessProbe');
    if (written.isAbsent) continue;
    const probe = {
      initialDelayUs: secondsUs(written.get('initialDelaySeconds'), 0),
      periodUs: secondsUs(written.get('periodSeconds'), PERIOD_US) || PERIOD_US,
      successThreshold: written.get('successThreshold').whole(1, 1),
    };
    if (latest === undefined || readyUs(probe) > readyUs(latest)) latest = probe;
  }
  return latest;
}

function readyUs({ initialDelayUs, periodUs, successThreshold }: ReadinessProbe): number {
  return (Math.ceil(initialDelayUs / periodUs) + successThreshold - 1) * periodUs;
}
