/**
 * Records the goldens anew: asks the real code about every recorded case and writes answers, versions and coverage.
 *
 *   npm run conformance:record            all kinds
 *   npm run conformance:record -- hpa     some kinds; the coverage is then left as it was
 *
 * Needs Go and the Go module proxy, and for the Cluster Autoscaler a checkout (see README.md). A changed golden is a
 * changed decision: read the difference and say why in the commit.
 */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { CASE_KINDS, caseDigest, caseLine, KIND_NAMES, RECORDED_SEED } from './kinds.ts';
import type { KindName, Program } from './kinds.ts';
import { askOracle, buildOracle, canBuild, go, moduleFlags } from './oracle.ts';
import { goldenFolder, goldenPath } from './read-goldens.ts';
import type { GoldenHeader } from './read-goldens.ts';
import { statementCoverage } from './statement-coverage.ts';

const ASKED_MODULES: Readonly<Record<Program, readonly string[]>> = {
  go: ['k8s.io/kubernetes', 'k8s.io/autoscaler/vertical-pod-autoscaler'],
  'go-autoscaler': ['k8s.io/kubernetes'],
  'go-karpenter': ['sigs.k8s.io/karpenter', 'github.com/aws/karpenter-provider-aws'],
};

// What the go command does not know of the checkout.
const TOLD_MODULES: Readonly<Record<Program, Readonly<Record<string, string>>>> = {
  go: {},
  'go-autoscaler': { 'k8s.io/autoscaler/cluster-autoscaler': 'cluster-autoscaler-1.36.1' },
  'go-karpenter': {},
};

function askedVersions(program: Program): Record<string, string> {
  const format = '{{.Path}} {{.Version}}';
  const listed = go(
    program,
    'list',
    ...moduleFlags(program),
    '-m',
    '-f',
    format,
    ...ASKED_MODULES[program],
  );
  const versions = listed
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string]);
  return { ...Object.fromEntries(versions), ...TOLD_MODULES[program] };
}

async function record(
  oracle: string,
  coverageFolder: string,
  kind: KindName,
  modules: Record<string, string>,
): Promise<void> {
  const cases = CASE_KINDS[kind].recorded;
  const outputs = await askOracle(oracle, coverageFolder, {
    kind,
    seed: RECORDED_SEED,
    count: cases,
  });
  const header: GoldenHeader = { kind, seed: RECORDED_SEED, cases, modules };
  const lines = outputs.map((output, index) =>
    JSON.stringify({ inputDigest: caseDigest(caseLine(kind, RECORDED_SEED, index)), output }),
  );
  const text = [JSON.stringify(header), ...lines, ''].join('\n');
  writeFileSync(goldenPath(kind), gzipSync(text, { level: 9 }));
  console.log(`${kind}: ${cases} cases`);
}

async function recordProgram(program: Program, wanted: readonly KindName[]): Promise<void> {
  if (!canBuild(program)) {
    console.log(`${program}: left as it was, for want of its source`);
    return;
  }
  const oracle = buildOracle(program);
  const coverageFolder = mkdtempSync(`${tmpdir()}/berth-coverage-`);
  const modules = askedVersions(program);
  const kinds = KIND_NAMES.filter((kind) => CASE_KINDS[kind].program === program);
  const chosen = kinds.filter((kind) => wanted.includes(kind));
  for (const kind of chosen) await record(oracle, coverageFolder, kind, modules);
  if (chosen.length < kinds.length) return;
  const packages = statementCoverage(program, coverageFolder);
  const path = `${goldenFolder(program)}/coverage-of-${program}.json`;
  writeFileSync(path, `${JSON.stringify({ modules, seed: RECORDED_SEED, packages }, null, 2)}\n`);
  for (const entry of packages) {
    console.log(
      `${entry.package}: ${entry.decidingReached} of ${entry.decidingStatements} deciding statements`,
    );
  }
}

const named = KIND_NAMES.filter((kind) => process.argv.includes(kind));
const wanted = named.length > 0 ? named : KIND_NAMES;
for (const program of ['go', 'go-autoscaler', 'go-karpenter'] as const) {
  mkdirSync(goldenFolder(program), { recursive: true });
  if (wanted.some((kind) => CASE_KINDS[kind].program === program))
    await recordProgram(program, wanted);
}
