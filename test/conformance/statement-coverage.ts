/**
 * Which share of the Go statements that decide the cases reached, by package.
 *
 * Counted are the statements of the chosen packages, twice: all of them, and those that take part in a decision. The second
 * leaves out by name the functions that our cases do not drive: construction, names, events that bring a pod back to the
 * queue, signatures for batching, binding, pod groups, claims for devices, resizing in place, and the loops of the
 * controllers. It leaves out guards too: what only runs after an error, a failed cast, or for a log.
 */

import { readFileSync } from 'node:fs';
import type { Program } from './kinds.ts';
import { go, moduleFlags } from './oracle.ts';

export interface PackageCoverage {
  readonly package: string;
  readonly statements: number;
  readonly reached: number;
  readonly decidingStatements: number;
  readonly decidingReached: number;
}

// Functions that decide nothing our cases ask for, by the reason.
const ASIDE = new RegExp(
  [
    '^(New|new|Name$|EventsToRegister|Run$|With|Clone$|Less$|String$|getArgs$|List$)',
    // Binding, and what comes back to the queue when.
    '^(Bind|Reserve|Unreserve|PreBind|Permit|PostBind|PreEnqueue$)',
    '^is\\w*[Ss]chedulableAfter|^is\\w*AfterPod|^(haveAnyRequestedResourcesIncreased|isFit|Fits)$',
    '^(involvedInTopologySpreading|hasConstraintWithNodeTaintsPolicyHonor)$',
    '^(checkTopologyKeyLabelsChanged|podLabelsMatchSpreadConstraints|isPVCRequestedFromPod)$',
    // Batching and groups of pods.
    '^(SignPod|Sign|PodGroup|actuatePodGroup|podGroup|[sS]corePlacement|PlacementScore)',
    // Figures for Prometheus, words for people, what is written to the API.
    '^(observeBinpackingHeterogeneity|observeQualityMetrics|Error|HumanizeMemoryQuantity)$',
    '^(ResourcesAsResourceList|RoundUpToScale|MapToListOfRecommendedContainerResources|QuantityFrom)',
    // The vertical autoscaler's checkpoints, joins of several sets of labels, policies, which are applied to its answer, and
    // estimators and histograms that its recommender does not take.
    '^(SaveTo|LoadFrom|Merge|Equals$|AggregateStateByContainerName$|isExpired$|[iI]sEmpty$)',
    '^(UpdateFromPolicy|MarkNotAutoscaled|GetScalingMode|GetUpdateMode|GetControlledResources)$',
    '^([GS]etLastRecommendation|NeedsRecommendation|ResourceNamesApiToModel)$',
    '^(convertQuantityToFloat64|InitializeAggregationsConfig|getMemoryAggregationWindowLength)$',
    // Devices, drivers that insist on being installed, resizing in place, sums of limits.
    'DRA|^(nodeMatches|deviceMatchesClass|buildNodeMatchCacheKey|buildDeviceMatchCacheKey)$',
    '^(checkCSIDriverOnNode|hasRestartableInitContainer)$',
    '^(determineEffective|IsPodResize|PodLimits|AggregateContainerLimits)|^max$',
  ].join('|'),
);

// Types that stand in for what our cases drive, by their methods.
const RECEIVERS_ASIDE =
  /^(linearHistogramOptions|const(CPU|Memory)Estimator|combinedEstimator|ContainerStateAggregatorProxy)$/;

// A body behind one of these runs only when something failed, or for a log.
const GUARD = /\berr != nil|SchedulingInternalError|!ok \{|!status\.IsSuccess\(\) \{|\.Enabled\(\)/;

// Files that belong to nothing our cases ask for.
const FILES_ASIDE =
  /(dynamicresources|gangscheduling|podgroup|topologyaware|testing|fake_|test_utils|nodedeclaredfeatures|extender\.go|eventhandlers|pkg\/scheduler\/scheduler\.go|defaultbinder|schedulinggates|queuesort|volumebinding\/|controller_ref_manager|horizontal\.go|dra\.go|volumetopology\.go|zz_generated|volumeusage\.go|checkpoint|cluster\.go|vpa\.go|histogram_mock)/;

// Our own packages only ask.
const OURS = 'berth.example/';

interface Block {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly statements: number;
  readonly reached: boolean;
}

export function statementCoverage(program: Program, coverageFolder: string): PackageCoverage[] {
  const profile = `${coverageFolder}/profile.txt`;
  go(program, 'tool', 'covdata', 'textfmt', `-i=${coverageFolder}`, `-o=${profile}`);
  const byPackage = new Map<string, Block[]>();
  for (const block of readProfile(readFileSync(profile, 'utf8'))) {
    const name = block.file.slice(0, block.file.lastIndexOf('/'));
    const blocks = byPackage.get(name) ?? [];
    blocks.push(block);
    byPackage.set(name, blocks);
  }
  const folders = moduleFolders(program);
  return [...byPackage]
    .map(([name, blocks]) => countPackage(name, blocks, folders))
    .sort((a, b) => (a.package < b.package ? -1 : 1));
}

// A line: file.go:startLine.startColumn,endLine.endColumn statements count
function readProfile(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of text.split('\n')) {
    const parts = /^(.+\.go):(\d+)\.(\d+),\d+\.\d+ (\d+) (\d+)$/.exec(line);
    if (parts === null || line.startsWith(OURS)) continue;
    const [, file, start, column, statements, count] = parts;
    blocks.push({
      file: file!,
      line: Number(start),
      column: Number(column),
      statements: Number(statements),
      reached: count !== '0',
    });
  }
  return blocks;
}

function countPackage(
  name: string,
  blocks: readonly Block[],
  folders: ReadonlyMap<string, string>,
): PackageCoverage {
  const sources = new Map<string, Source>();
  const count = {
    package: name,
    statements: 0,
    reached: 0,
    decidingStatements: 0,
    decidingReached: 0,
  };
  for (const block of blocks) {
    const source = sources.get(block.file) ?? sourceOf(block.file, folders);
    sources.set(block.file, source);
    count.statements += block.statements;
    if (block.reached) count.reached += block.statements;
    if (!decides(block, source)) continue;
    count.decidingStatements += block.statements;
    if (block.reached) count.decidingReached += block.statements;
  }
  return count;
}

interface Source {
  readonly functions: readonly FunctionStart[];
  readonly guards: readonly Guard[];
}

interface FunctionStart {
  readonly line: number;
  readonly name: string;
  /** Type that it is a method of, or ''. */
  readonly receiver: string;
}

/** A body that begins behind the brace at a line and column, and ends at a line. */
interface Guard {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
}

function decides(block: Block, { functions, guards }: Source): boolean {
  if (FILES_ASIDE.test(block.file)) return false;
  const start = functions.findLast(({ line }) => line <= block.line);
  if (start !== undefined && isAside(start)) return false;
  return !guards.some(
    ({ line, column, endLine }) =>
      (block.line > line && block.line < endLine) ||
      (block.line === line && block.column >= column),
  );
}

function isAside({ name, receiver }: FunctionStart): boolean {
  return ASIDE.test(name) || RECEIVERS_ASIDE.test(receiver);
}

function sourceOf(file: string, folders: ReadonlyMap<string, string>): Source {
  const module = [...folders.keys()].find((path) => file.startsWith(`${path}/`));
  if (module === undefined) return { functions: [], guards: [] };
  const lines = readFileSync(folders.get(module)! + file.slice(module.length), 'utf8').split('\n');
  const functions = lines.flatMap((line, index) => {
    const [, receiver = '', name] = /^func (?:\(\w* ?\*?(\w+)[^)]*\) )?(\w+)/.exec(line) ?? [];
    return name === undefined ? [] : [{ line: index + 1, name, receiver }];
  });
  return { functions, guards: lines.flatMap((line, index) => guardAt(line, index, lines)) };
}

/** The end of a body is the first brace that stands as far to the left as its first line does: gofmt sees to that. */
function guardAt(line: string, index: number, lines: readonly string[]): Guard[] {
  const opened = line.endsWith('{') && GUARD.test(line);
  if (!opened) return [];
  const indent = line.slice(0, line.length - line.trimStart().length);
  const length = lines.slice(index + 1).findIndex((later) => later.startsWith(`${indent}}`));
  return [{ line: index + 1, column: line.length, endLine: index + 2 + length }];
}

function moduleFolders(program: Program): Map<string, string> {
  const listed = go(
    program,
    'list',
    ...moduleFlags(program),
    '-m',
    '-f',
    '{{.Path}} {{.Dir}}',
    'all',
  );
  return new Map(
    listed
      .split('\n')
      .map((line) => line.split(' ') as [string, string | undefined])
      .filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ''),
  );
}
