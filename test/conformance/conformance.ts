/**
 * Draws fresh cases, asks the real code, and compares its answers with ours.
 *
 *   npm run conformance -- --seed 7 --cases 500            all kinds
 *   npm run conformance -- --seed 7 --cases 500 hpa vpa    some kinds
 *
 * Needs what recording needs. Ends with 1 if an answer differs, after telling the first one of each kind.
 */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { JUDGES } from './judges.ts';
import { CASE_KINDS, caseLine, KIND_NAMES } from './kinds.ts';
import type { KindName } from './kinds.ts';
import { askOracle, buildOracle, canBuild } from './oracle.ts';

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string' }, cases: { type: 'string', default: '100' } },
  allowPositionals: true,
});
const seed = Number(values.seed);
const count = Number(values.cases);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(count) || count < 1) {
  throw new Error(
    `expected --seed N --cases M with integers; found --seed ${values.seed} --cases ${values.cases}`,
  );
}

const named = KIND_NAMES.filter((kind) => positionals.includes(kind));
let differing = 0;
for (const kind of named.length > 0 ? named : KIND_NAMES) {
  if (canBuild(CASE_KINDS[kind].program)) differing += await compare(kind);
  else console.log(`${kind}: not asked, for want of its source`);
}
process.exitCode = differing > 0 ? 1 : 0;

/** How many cases of a kind differ. */
async function compare(kind: KindName): Promise<number> {
  const oracle = buildOracle(CASE_KINDS[kind].program);
  const coverageFolder = mkdtempSync(`${tmpdir()}/berth-coverage-`);
  const outputs = await askOracle(oracle, coverageFolder, { kind, seed, count });
  const judge = JUDGES[kind];
  if (judge === undefined) {
    console.log(`${kind}: ${outputs.length} cases answered, nothing to compare them with yet`);
    return 0;
  }
  let differences = 0;
  for (const [index, output] of outputs.entries()) {
    const difference = judge(JSON.parse(caseLine(kind, seed, index)), output);
    if (difference === undefined) continue;
    if (differences === 0) console.log(`${kind}: case ${index} of seed ${seed}: ${difference}`);
    differences += 1;
  }
  console.log(`${kind}: ${count - differences} of ${count} cases agree`);
  return differences;
}
