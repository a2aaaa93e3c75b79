/** The measured scale-out of an HPA and Karpenter: what was measured on a real cluster, and what the scenario makes of it. */

import { describe, expect, it } from 'vitest';
import { MEASURED, medianOf, podsOf, readyAt } from '../support/scale-out.ts';
import { load } from './run-scenario.ts';
import type { Part } from '../support/scale-out.ts';

describe('ten pods that become 180', () => {
  const replications = podsOf(load('published/eks-hpa-karpenter/scenario.yaml'), 3);
  const parts = Object.keys(MEASURED.quartilesS) as Part[];

  it.each(parts)('%s: the median lies in the measured middle half', (part) => {
    const [low, , high] = MEASURED.quartilesS[part];
    const medianS = medianOf(replications.flat(), part);
    expect(medianS).toBeGreaterThanOrEqual(low);
    expect(medianS).toBeLessThanOrEqual(high);
  });

  it('are ready in about the time in which they were', () => {
    const [, measured] = MEASURED.ready.at(-2)!;
    // At 357 s 148 were; a step of the HPA is about 20 pods.
    for (const pods of replications)
      expect(Math.abs(readyAt(pods, 357) - measured)).toBeLessThan(25);
  });
});
