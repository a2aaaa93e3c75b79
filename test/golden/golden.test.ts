/**
 * Results of two tiny scenarios, recorded: a change that moves them is seen. Vitest writes a missing file anew, except
 * in CI; CONTRIBUTING.md says how a change is accepted.
 */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runText } from '../support/run-scenario.ts';
import type { SummaryRow } from '../../src/metrics/rows.ts';

const HEADER = 'Recorded, not proven. To accept a change, see CONTRIBUTING.md.';

function page({ variant, seed, ...columns }: SummaryRow): string {
  const lines = Object.entries(columns).map(([name, value]) => `${name}: ${value}`);
  return `${HEADER}\n${variant}, seed ${seed}\n${lines.join('\n')}\n`;
}

it.each(['shop-on-ecs', 'shop-on-karpenter'])('%s gives what was recorded', async (name) => {
  const text = readFileSync(new URL(`${name}.yaml`, import.meta.url), 'utf8');
  await expect(page(runText(text).summary)).toMatchFileSnapshot(`${name}.txt`);
});
