/**
 * The real code as programs: builds the Go modules of the suites and hands them cases.
 *
 * They are built with counters of reached statements in the packages that decide; `coverageFolder` receives the counts.
 */

import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { CASE_KINDS, caseLine, MODULE_FOLDERS } from './kinds.ts';
import { settledModules } from './karpenter/settled-modules.ts';
import type { KindName, Program } from './kinds.ts';

// Packages whose statements are counted, as patterns of the go command.
const COUNTED_PACKAGES: Readonly<Record<Program, readonly string[]>> = {
  go: [
    'k8s.io/kubernetes/pkg/scheduler',
    'k8s.io/kubernetes/pkg/scheduler/framework/plugins/...',
    'k8s.io/kubernetes/pkg/scheduler/framework/preemption',
    'k8s.io/kubernetes/pkg/controller',
    'k8s.io/kubernetes/pkg/controller/podautoscaler',
    'k8s.io/component-helpers/resource',
    'k8s.io/component-helpers/scheduling/corev1/...',
    'k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/model',
    'k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/logic',
    'k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/util',
  ],
  'go-autoscaler': [
    'k8s.io/autoscaler/cluster-autoscaler/estimator',
    'k8s.io/autoscaler/cluster-autoscaler/expander/...',
  ],
  'go-karpenter': [
    'sigs.k8s.io/karpenter/pkg/controllers/provisioning/scheduling',
    'sigs.k8s.io/karpenter/pkg/scheduling',
    'sigs.k8s.io/karpenter/pkg/cloudprovider',
    'sigs.k8s.io/karpenter/pkg/utils/disruption',
    'github.com/aws/karpenter-provider-aws/pkg/providers/instance/filter',
  ],
};

/** The Cluster Autoscaler is no module of the Go proxy: its source is a checkout that this variable names. */
const AUTOSCALER_SOURCE = 'CLUSTER_AUTOSCALER_SOURCE';
const PLACEHOLDER = '/checkout/cluster-autoscaler';

/** Runs the go command in one of our modules and returns what it printed. */
export function go(program: Program, ...parameters: readonly string[]): string {
  const folder = moduleFolder(program);
  return execFileSync('go', [...parameters], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
}

function moduleFolder(program: Program): string {
  return new URL(MODULE_FOLDERS[program], import.meta.url).pathname;
}

/** Whether all that a program is made of is here. */
export function canBuild(program: Program): boolean {
  return program !== 'go-autoscaler' || process.env[AUTOSCALER_SOURCE] !== undefined;
}

/** The flag which tells the go command of a module file with the path of some source in it, where one is needed. */
export function moduleFlags(program: Program): string[] {
  if (program === 'go') return [];
  if (program === 'go-karpenter') return settledModules(moduleFolder(program), workFolder(program));
  const source = process.env[AUTOSCALER_SOURCE];
  if (source === undefined || !existsSync(`${source}/cluster-autoscaler/go.mod`)) {
    throw new Error(
      `expected ${AUTOSCALER_SOURCE} to name a checkout of github.com/kubernetes/autoscaler at the tag ` +
        `cluster-autoscaler-1.36.1; found ${source ?? 'nothing'}`,
    );
  }
  const folder = workFolder(program);
  const ours = moduleFolder(program);
  const written = readFileSync(`${ours}/go.mod`, 'utf8');
  writeFileSync(`${folder}/go.mod`, written.replace(PLACEHOLDER, `${source}/cluster-autoscaler`));
  copyFileSync(`${ours}/go.sum`, `${folder}/go.sum`);
  return [`-modfile=${folder}/go.mod`];
}

function workFolder(program: Program): string {
  const folder = `${tmpdir()}/berth-conformance/${program}`;
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Builds a program, which takes many minutes the first time, and returns its path. */
export function buildOracle(program: Program): string {
  const built = `${workFolder(program)}/oracle`;
  // Our own package is among them, because the counts are written by it when it ends.
  const counted = `-coverpkg=.,${COUNTED_PACKAGES[program].join(',')}`;
  go(program, 'build', ...moduleFlags(program), '-cover', counted, '-o', built, '.');
  return built;
}

/** The answers to cases `0` to `count - 1` of a kind, in order. */
export async function askOracle(
  oracle: string,
  coverageFolder: string,
  cases: { readonly kind: KindName; readonly seed: number; readonly count: number },
): Promise<unknown[]> {
  mkdirSync(coverageFolder, { recursive: true });
  const child = spawn(oracle, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, GOCOVERDIR: coverageFolder },
  });
  const closed = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  child.stdin.on('error', () => {
    // The program has ended early; its exit code tells below.
  });
  const outputs: unknown[] = [];
  const reading = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      outputs.push((JSON.parse(line) as { output: unknown }).output);
    }
  })();
  for (let index = 0; index < cases.count && child.exitCode === null; index += 1) {
    if (!child.stdin.write(`${caseLine(cases.kind, cases.seed, index)}\n`)) {
      const drained = new Promise((resolve) => {
        child.stdin.once('drain', resolve);
      });
      await Promise.race([drained, closed]);
    }
  }
  child.stdin.end();
  await reading;
  const code = await closed;
  if (code !== 0 || outputs.length !== cases.count) {
    throw new Error(
      `expected ${cases.count} answers from ${CASE_KINDS[cases.kind].component} and an end in peace; ` +
        `found ${outputs.length} answers and the exit code ${code}`,
    );
  }
  return outputs;
}
