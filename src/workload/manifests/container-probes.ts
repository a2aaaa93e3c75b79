/**
 * The probes of a pod, as those of one container (kubernetes.md 2.3): of the readiness probes the one that would find its container
 * ready last, could all of them answer at once; of the liveness probes the one that gives up first; of the startup probes the one
 * that gives up last. How they ask does not matter.
 */

import { US_PER_SECOND } from '../../base/units.ts';
import { secondsUs } from './api-values.ts';
import type { ContainerProbe, ManifestProbes } from './manifest-workloads.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const PERIOD_US = 10 * US_PER_SECOND;

/** Of a pod template; nothing where no container has any. */
export function probesOf(template: YamlCursor): ManifestProbes {
  const podSpec = template.get('spec');
  const readiness = chosen(podSpec, 'readinessProbe', readyUs);
  const liveness = chosen(podSpec, 'livenessProbe', (probe) => -givesUpUs(probe));
  const startup = chosen(podSpec, 'startupProbe', givesUpUs);
  if (readiness === undefined && liveness === undefined && startup === undefined) return {};
  return {
    probes: {
      ...(readiness === undefined ? {} : { readiness }),
      ...(liveness === undefined ? {} : { liveness }),
      ...(startup === undefined ? {} : { startup }),
    },
  };
}

/** The first with the largest rank. */
function chosen(
  podSpec: YamlCursor,
  key: string,
  rank: (probe: ContainerProbe) => number,
): ContainerProbe | undefined {
  let best: ContainerProbe | undefined;
  for (const container of podSpec.get('containers').items()) {
    const written = container.get(key);
    if (written.isAbsent) continue;
    const probe = probeOf(written);
    if (best === undefined || rank(probe) > rank(best)) best = probe;
  }
  return best;
}

function probeOf(written: YamlCursor): ContainerProbe {
  return {
    initialDelayUs: secondsUs(written.get('initialDelaySeconds'), 0),
    periodUs: secondsUs(written.get('periodSeconds'), PERIOD_US) || PERIOD_US,
    successThreshold: written.get('successThreshold').whole(1, 1),
    failureThreshold: written.get('failureThreshold').whole(3, 1),
    timeoutUs: secondsUs(written.get('timeoutSeconds'), US_PER_SECOND),
  };
}

function readyUs({ initialDelayUs, periodUs, successThreshold }: ContainerProbe): number {
  return (Math.ceil(initialDelayUs / periodUs) + successThreshold - 1) * periodUs;
}

function givesUpUs({ initialDelayUs, periodUs, failureThreshold }: ContainerProbe): number {
  return (Math.ceil(initialDelayUs / periodUs) + failureThreshold - 1) * periodUs;
}
