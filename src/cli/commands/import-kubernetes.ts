/** `berth import kubernetes PATH...`: manifests as a scenario, and a list of what was read, skipped and left unread. */

import { writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { assert } from '../../base/assert.ts';
import { ScenarioError } from '../../base/scenario-error.ts';
import { inputFault } from '../../experiment/node/input-path.ts';
import { kubernetesScenario } from '../../scenario/imported/kubernetes-scenario.ts';
import type { ImportAbout } from '../../scenario/imported/kubernetes-scenario.ts';
import { loadScenario } from '../../scenario/load.ts';
import { readKubernetesManifests } from '../../workload/manifests/kubernetes.ts';
import type { ManifestFile } from '../../workload/manifests/kubernetes.ts';
import type { ManifestWorkloads } from '../../workload/manifests/manifest-workloads.ts';
import { STDIN, importedFiles, nameOfImport } from '../imported-files.ts';
import { printImport } from '../print-import.ts';
import type { Terminal } from '../terminal.ts';

interface ImportOptions {
  readonly out?: string;
  readonly name?: string;
  readonly recursive?: boolean;
  readonly keep: ImportAbout['keeping'];
  readonly all?: boolean;
}

const EXAMPLES = `
EXAMPLES
  $ berth import kubernetes k8s/ --out shop.yaml && berth run shop.yaml
  $ berth import kubernetes -R charts/rendered --keep everything --out shop.yaml
  $ helm template shop ./chart | berth import kubernetes - --out shop.yaml
  $ kubectl get deploy,sts,ds,job,cronjob,hpa,pdb,svc,node -A -o yaml | berth import kubernetes -

The scenario goes to stdout, the list of what was read to stderr.`;

export function addImportKubernetesCommand(program: Command, terminal: Terminal): void {
  program
    .command('kubernetes')
    .summary('make a scenario of Kubernetes manifests')
    .description(
      'Reads Kubernetes manifests (YAML or JSON, lists of kubectl too) and writes a scenario: workloads as entries to edit, those that need more than a scenario says kept in their manifests, and EKS on Karpenter and on the Cluster Autoscaler as variants. Says what was read, what was skipped, and which fields that would change a decision are not read, with their places.',
    )
    .argument('<path...>', 'files, folders, or - for standard input')
    .option('-o, --out <file>', 'write the scenario there instead of to stdout')
    .option('--name <name>', 'name of the scenario; default that of the first path')
    .option('-R, --recursive', 'take the folders in folders too')
    .addOption(
      new Option('--keep <what>', 'which workloads stay in their manifests')
        .choices(['what-needs-it', 'everything', 'nothing'])
        .default('what-needs-it'),
    )
    .option('--all', 'list every field that is not read, with its place')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: ImportOptions) => {
      const files = await importedFiles(paths, options.recursive ?? false, terminal);
      const found = readKubernetesManifests(files);
      const about = aboutOf(paths, options, files);
      refuseNothing(found, paths);
      const imported = kubernetesScenario(found, about);
      checkText(imported.text, options.out ?? 'scenario.yaml');
      if (options.out === undefined) terminal.out(imported.text);
      else writeFileSync(options.out, imported.text);
      printImport(found, imported, options.all ?? false, terminal);
    });
}

/** A scenario finds one path again; several, or what came from a pipe, it cannot. */
function aboutOf(
  paths: readonly string[],
  { out, name, recursive = false, keep }: ImportOptions,
  files: readonly ManifestFile[],
): ImportAbout {
  const [first = STDIN] = paths;
  const folder = out === undefined ? '.' : dirname(out);
  const canKeep = paths.length === 1 && first !== STDIN;
  if (keep === 'everything' && !canKeep) {
    throw inputFault(
      paths.join(' '),
      'expected one file or folder beside --keep everything: a scenario names one place',
    );
  }
  const pools = files.filter(({ text }) => /^\s*kind:\s*NodePool\s*$/m.test(text));
  const [poolFile] = pools;
  const hasPath = pools.length === 1 && poolFile!.file !== '(stdin)';
  return {
    name: name ?? nameOfImport(first),
    origin: `Made by \`berth import kubernetes ${paths.join(' ')}\`.`,
    manifests: canKeep ? { path: pathFrom(folder, first), recursive } : undefined,
    keeping: keep,
    nodePoolsPath: hasPath ? pathFrom(folder, poolFile!.file) : undefined,
  };
}

function pathFrom(folder: string, path: string): string {
  const text = relative(resolve(folder), resolve(path));
  return text.startsWith('.') ? text : `./${text}`;
}

function refuseNothing(found: ManifestWorkloads, paths: readonly string[]): void {
  const { services, jobs, cronJobs, daemons } = found;
  if (services.length + jobs.length + cronJobs.length + daemons.length > 0) return;
  throw inputFault(
    paths.join(' '),
    `expected at least one object that makes pods, found none among ${found.read.length + found.skipped.length}`,
  );
}

/** What is written must be a scenario; only `--name` can spoil it. */
function checkText(text: string, file: string): void {
  try {
    loadScenario(text, file);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    if (error.faults.some(({ path }) => path === 'name')) throw error;
    assert(false, () => `an import wrote a scenario that is none: ${error.message}\n${text}`);
  }
}
