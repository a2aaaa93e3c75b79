/**
 * Karpenter with its open ties settled: where the real code leaves an order to the iteration of a Go map, or to a sort that is
 * not stable, a copy of the module takes the smallest name first, or keeps the order of before. Nothing else is touched, so an
 * answer is one of those that the real code could have given, and always the same.
 */

import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

const MODULE = 'sigs.k8s.io/karpenter';
const SOLVER = 'pkg/controllers/provisioning/scheduling';

interface Tie {
  readonly file: string;
  readonly left: string;
  readonly settled: string;
  /** How often it stands in the file. */
  readonly times: number;
}

const TIES: readonly Tie[] = [
  {
    file: `${SOLVER}/topologygroup.go`,
    left: 'range nodeDomains.Values() {',
    settled: 'range sets.List(sets.New(nodeDomains.Values()...)) {',
    times: 3,
  },
  {
    file: `${SOLVER}/topologygroup.go`,
    left: 'for domain := range t.domains {',
    settled: 'for _, domain := range sets.List(sets.KeySet(t.domains)) {',
    times: 5,
  },
  {
    file: `${SOLVER}/scheduler.go`,
    left: 'sort.Slice(s.newNodeClaims,',
    settled: 'sort.SliceStable(s.newNodeClaims,',
    times: 1,
  },
];

/** Writes the copy and a module file that uses it into `work`; returns the flag that tells the go command of it. */
export function settledModules(ours: string, work: string): string[] {
  const copy = `${work}/settled`;
  if (!existsSync(`${copy}/go.mod`)) writeCopy(ours, copy);
  const written = readFileSync(`${ours}/go.mod`, 'utf8');
  writeFileSync(`${work}/go.mod`, `${written}\nreplace ${MODULE} => ${copy}\n`);
  copyFileSync(`${ours}/go.sum`, `${work}/go.sum`);
  return [`-modfile=${work}/go.mod`];
}

function writeCopy(ours: string, copy: string): void {
  const go = (...parameters: string[]): string =>
    execFileSync('go', parameters, { cwd: ours, encoding: 'utf8' });
  go('mod', 'download', MODULE);
  const source = go('list', '-m', '-f', '{{.Dir}}', MODULE).trim();
  rmSync(copy, { recursive: true, force: true });
  cpSync(source, copy, { recursive: true });
  execFileSync('chmod', ['-R', 'u+w', copy]);
  for (const { file, left, settled, times } of TIES) {
    const parts = readFileSync(`${copy}/${file}`, 'utf8').split(left);
    if (parts.length - 1 !== times) {
      throw new Error(`expected ${times} times "${left}" in ${file}; found ${parts.length - 1}`);
    }
    writeFileSync(`${copy}/${file}`, parts.join(settled));
  }
}
