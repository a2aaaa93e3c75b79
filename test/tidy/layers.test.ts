/**
 * Imports go down only. The layers, lowest first:
 *
 *     0  base
 *     1  kernel  random  cluster  cloud          each knows only base; cloud may import random
 *     2  placement                               may import cluster and cloud
 *     3a workload  runtime  images  traffic  disruption  telemetry       know no sibling
 *     3b orchestration                           may import 3a
 *     3c autoscaling                             may import 3a and 3b
 *     4  simulation                              the only writer of the cluster
 *     5  audit  metrics                          watch; never change anything
 *     6  scenario                                the only place that knows every policy
 *     7a report
 *     7b experiment                              may import report: it writes what report draws
 *     8  cli  web
 *
 * Policies (placement, orchestration, autoscaling) do not see the kernel, so none can schedule an event.
 * What needs a machine with files and threads lives in cli and experiment/node; the rest runs in a browser.
 * `src/index.ts`, the public API, may import anything and is imported by nothing inside src.
 */

import { isBuiltin } from 'node:module';
import { expect, it } from 'vitest';
import {
  importedModules,
  parseSource,
  readSources,
  resolveImport,
} from '../support/source-files.ts';
import type { SourceFile } from '../support/source-files.ts';

const MODELS = ['workload', 'runtime', 'images', 'traffic', 'disruption', 'telemetry'];
const POLICY_SEES = ['base', 'random', 'cluster', 'cloud', 'placement', ...MODELS];
const DECIDED = ['kernel', ...POLICY_SEES, 'orchestration', 'autoscaling'];
const WATCHED = [...DECIDED, 'simulation'];
const ASSEMBLED = [...WATCHED, 'audit', 'metrics'];
const SHOWN = [...ASSEMBLED, 'scenario', 'experiment', 'report'];

/** What a folder of src may import besides itself. */
const MAY_IMPORT = new Map<string, readonly string[]>([
  ['base', []],
  ['kernel', ['base']],
  ['random', ['base']],
  ['cluster', ['base']],
  ['cloud', ['base', 'random']],
  ['placement', ['base', 'cluster', 'cloud']],
  ...MODELS.map((model): [string, string[]] => [
    model,
    ['base', 'kernel', 'random', 'cluster', 'cloud', 'placement'],
  ]),
  ['orchestration', POLICY_SEES],
  ['autoscaling', [...POLICY_SEES, 'orchestration']],
  ['simulation', DECIDED],
  ['audit', WATCHED],
  ['metrics', WATCHED],
  ['scenario', ASSEMBLED],
  ['report', [...ASSEMBLED, 'scenario']],
  ['experiment', [...ASSEMBLED, 'scenario', 'report']],
  ['cli', SHOWN],
  ['web', SHOWN],
]);

/** Modules that only some places may import. Node's own modules are held to MACHINE as well. */
const MACHINE = ['cli', 'experiment/node'];
const RESTRICTED = new Map<string, readonly string[]>([
  ['tsx', ['cli']], // Only the command line loads somebody's TypeScript.
  ['piscina', MACHINE],
]);

/** The imports of one file that its layer does not allow, each as a sentence. */
function strayImports(file: SourceFile): readonly string[] {
  const importer = placeOf(file.path);
  if (importer === 'index.ts') return [];
  return importedModules(file).flatMap((module) => {
    const target = resolveImport(file, module);
    const stray = target === undefined ? !mayUse(importer, module) : !mayReach(importer, target);
    const imported = target === undefined ? module : placeOf(target);
    return stray ? [`${file.path}: ${importer} imports ${imported}`] : [];
  });
}

function mayUse(importer: string, module: string): boolean {
  const [packageName = module] = module.split('/');
  const places = isBuiltin(module) ? MACHINE : RESTRICTED.get(packageName);
  return places === undefined || places.includes(importer);
}

function mayReach(importer: string, target: string): boolean {
  const place = placeOf(target);
  if (place === 'experiment/node') return MACHINE.includes(importer);
  const [from, to] = [folderOf(importer), folderOf(place)];
  return from === to || (MAY_IMPORT.get(from) ?? []).includes(to);
}

/** The folder of src that a path is in, except that `experiment/node` is a place of its own. */
function placeOf(path: string): string {
  const [root, folder = '', inner] = path.split('/');
  if (root !== 'src') return path;
  return folder === 'experiment' && inner === 'node' ? 'experiment/node' : folder;
}

function folderOf(place: string): string {
  return place === 'experiment/node' ? 'experiment' : place;
}

it('every file of src imports only what its layer allows', () => {
  expect(readSources('src').flatMap(strayImports)).toEqual([]);
});

it('every folder of src has a layer', () => {
  const folders = new Set(readSources('src').map((file) => folderOf(placeOf(file.path))));
  folders.delete('index.ts');
  expect([...folders].filter((folder) => !MAY_IMPORT.has(folder))).toEqual([]);
});

it.each([
  ['src/cluster/bad.ts', '../placement/placer.ts', 'cluster imports placement'],
  ['src/kernel/bad.ts', '../random/streams.ts', 'kernel imports random'],
  ['src/placement/bad.ts', '../kernel/clock.ts', 'placement imports kernel'],
  ['src/runtime/bad.ts', '../images/registry.ts', 'runtime imports images'],
  [
    'src/orchestration/ecs/bad.ts',
    '../../autoscaling/asg/asg.ts',
    'orchestration imports autoscaling',
  ],
  ['src/autoscaling/asg/bad.ts', '../../kernel/clock.ts', 'autoscaling imports kernel'],
  ['src/report/bad.ts', '../experiment/run.ts', 'report imports experiment'],
  ['src/experiment/bad.ts', './node/pool.ts', 'experiment imports experiment/node'],
  ['src/base/bad.ts', '../index.ts', 'base imports index.ts'],
  ['src/base/bad.ts', '../../test/support/build.ts', 'base imports test/support/build.ts'],
  ['src/scenario/bad.ts', 'node:fs', 'scenario imports node:fs'],
  ['src/report/bad.ts', 'zlib', 'report imports zlib'],
  ['src/experiment/node/bad.ts', 'tsx/esm/api', 'experiment/node imports tsx/esm/api'],
  ['src/cli/good.ts', '../experiment/node/pool.ts', undefined],
  ['src/experiment/node/good.ts', 'node:worker_threads', undefined],
  ['src/experiment/node/good.ts', '../plan.ts', undefined],
  ['src/autoscaling/asg/good.ts', '../../orchestration/ecs/service.ts', undefined],
])('%s importing %s: %s', (path, module, complaint) => {
  const file = parseSource(path, `import { x } from '${module}';`);
  expect(strayImports(file)).toEqual(complaint === undefined ? [] : [`${path}: ${complaint}`]);
});

it('re-exports, dynamic imports and type imports are imports', () => {
  const text = `export * from '../a/a.ts'; type B = import('../b/b.ts').B; void import('../c/c.ts');`;
  expect(strayImports(parseSource('src/base/bad.ts', text))).toEqual([
    'src/base/bad.ts: base imports a',
    'src/base/bad.ts: base imports b',
    'src/base/bad.ts: base imports c',
  ]);
});

it('an import inside a comment or a message is none', () => {
  const text = `// import x from '../cli/main.ts'\nexport const hint = "import x from '../cli/main.ts'";`;
  expect(strayImports(parseSource('src/base/good.ts', text))).toEqual([]);
});
