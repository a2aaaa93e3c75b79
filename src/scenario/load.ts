/**
 * From the text of a scenario to an experiment, or to the list of everything that is wrong with it.
 *
 *   1  YAML with places; `--set` writes into it
 *   2  the top of the file against the schema
 *   3  each variant: the settings it overrides are merged over the scenario's (maps by key, lists and scalars whole),
 *      then read again as settings, and the rest as its cluster or clusters
 *   4  names that refer to each other
 *
 * A fault in merged settings is placed where the value was written, so one in the scenario's own part is found once for
 * each variant and reported once. Nothing is read from disk: named files are only recorded (input-files.ts).
 */

import { formatDuration } from '../base/quantity.ts';
import { ScenarioError } from '../base/scenario-error.ts';
import { checkNames } from './check-names.ts';
import type { KnownPolicies } from './check-policy.ts';
import { describeValue } from './describe-value.ts';
import { nearestHint } from './did-you-mean.ts';
import { parseExpectation } from './expectation.ts';
import type { Expectation } from './expectation.ts';
import type { Experiment, ResolvedVariant } from './experiment.ts';
import { parseExplained, unknownKeySentence } from './explain-issue.ts';
import { FaultList } from './fault-list.ts';
import { applyOverride } from './override.ts';
import type { Override } from './override.ts';
import type { Path } from './path.ts';
import { asMap } from './plain-map.ts';
import {
  clustersKeys,
  clustersObject,
  experimentKeys,
  experimentObject,
  settings,
  settingsKeys,
} from './schema.ts';
import type { ScenarioSettings } from './schema.ts';
import { clusterKeys, flatCluster } from './schema-cluster.ts';
import { SourceDocument } from './source-document.ts';

export interface LoadOptions {
  /** `--set`, applied in order. */
  readonly overrides?: readonly Override[];
  /** Names that the register knows; a slot that is absent is not checked. */
  readonly knownPolicies?: KnownPolicies;
}

type PlainMap = Readonly<Record<string, unknown>>;

/** Throws ScenarioError with every fault, in the order of the file. */
export function loadScenario(text: string, file: string, options: LoadOptions = {}): Experiment {
  const document = new SourceDocument(text, file);
  const faults = new FaultList(document);
  document.faults.forEach((fault) => faults.add(fault));
  if (!document.readable) throw faults.error();
  for (const override of options.overrides ?? []) {
    const fault = applyOverride(document, override);
    if (fault !== undefined) faults.add(fault);
  }
  const raw = document.toPlain();
  const top = asMap(raw);
  if (top === undefined) {
    faults.report([], `expected a map with the keys of a scenario, found ${describeValue(raw)}`);
    throw faults.error();
  }

  const { value: head, issues } = parseExplained(experimentObject, top);
  for (const { path, message, at } of issues) faults.report(path, message, at);
  const settled = parseExplained(settings, pick(top, settingsKeys));
  for (const { path, message, at } of settled.issues) faults.report(path, message, at);
  checkWarmup(settled.value, 'warmup', (path, message) => faults.report(path, message));

  const rawVariants = asMap(top['variants']) ?? {};
  const names = Object.keys(rawVariants);
  if (names.length === 0 && asMap(top['variants']) !== undefined) {
    faults.report(['variants'], 'expected at least one variant, found none');
  }
  const variants = names.flatMap((name) => {
    const known = options.knownPolicies ?? {};
    return resolveVariant(name, top, rawVariants[name], known, faults) ?? [];
  });
  const expectations = readExpectations(top['expect'], names, faults);
  const baseline = top['baseline'];
  if (typeof baseline === 'string' && !names.includes(baseline)) {
    const found = `"${baseline}"${nearestHint(baseline, names)}`;
    faults.report(['baseline'], `expected a variant of this scenario, found ${found}`);
  }
  if (faults.any() || head === undefined) throw new ScenarioError(faults.sorted());
  return {
    name: head.name,
    seed: `${head.seed}`,
    replications: head.replications,
    variants,
    baseline: head.baseline ?? names[0]!,
    expectations,
    resolved: raw,
  };
}

function resolveVariant(
  name: string,
  top: PlainMap,
  raw: unknown,
  known: KnownPolicies,
  faults: FaultList,
): ResolvedVariant | undefined {
  const own = asMap(raw);
  if (own === undefined) {
    const found = describeValue(raw);
    faults.report(['variants', name], `expected a map with the keys of a cluster, found ${found}`);
    return undefined;
  }
  const report = (path: Path, message: string, at?: 'key' | 'value') => {
    if (Object.hasOwn(settingsKeys, path[0]!)) faults.reportInSettings(name, path, message, at);
    else faults.report(['variants', name, ...path], message, at);
  };
  checkVariantKeys(own, report);

  const merged = { ...pick(top, settingsKeys), ...pick(own, settingsKeys) };
  for (const key of Object.keys(merged)) merged[key] = mergeValues(top[key], own[key]);
  checkNames({ ...own, ...merged }, known, report);

  const scenario = parseExplained(settings, merged);
  for (const { path, message, at } of scenario.issues) report(path, message, at);
  checkWarmup(
    scenario.value,
    'duration' in own && !('warmup' in own) ? 'duration' : 'warmup',
    report,
  );
  const listed = 'clusters' in own;
  const shape = listed ? clustersKeys : clusterKeys;
  const parts = pick(own, shape);
  const list = listed ? parseExplained(clustersObject, parts) : undefined;
  const flat = listed ? undefined : parseExplained(flatCluster, parts);
  for (const { path, message, at } of (list ?? flat)!.issues) report(path, message, at);

  const clusters = list?.value?.clusters ?? (flat?.value === undefined ? [] : [flat.value]);
  if (scenario.value === undefined || clusters.length === 0) return undefined;
  return { name, scenario: scenario.value, clusters, place: list?.value?.place ?? {} };
}

/** The window after the warm-up must not be empty. `key` is the one of the two to blame. */
function checkWarmup(
  scenario: ScenarioSettings | undefined,
  key: 'warmup' | 'duration',
  report: (path: Path, message: string) => void,
): void {
  if (scenario === undefined || scenario.warmupUs < scenario.durationUs) return;
  const [warmup, whole] = [scenario.warmupUs, scenario.durationUs].map(formatDuration);
  report([key], `expected a warm-up shorter than the duration, found ${warmup} of ${whole}`);
}

/** Keys that do not belong into a variant, or not beside `clusters`. */
function checkVariantKeys(own: PlainMap, report: (path: Path, message: string, at: 'key') => void) {
  const listed = 'clusters' in own;
  const allowed = Object.keys({ ...(listed ? clustersKeys : clusterKeys), ...settingsKeys });
  for (const key of Object.keys(own)) {
    if (allowed.includes(key)) continue;
    if (key in experimentKeys || key === 'variants') {
      report([key], `\`${key}\` belongs to the whole experiment, not to a variant`, 'key');
    } else if (listed && key in clusterKeys) {
      report([key], `\`${key}\` cannot stand beside \`clusters\`: give it to one of them`, 'key');
    } else if (key === 'place') {
      report([key], '`place` needs `clusters`: this variant has one cluster only', 'key');
    } else {
      report([key], unknownKeySentence(key, [...allowed, 'clusters']), 'key');
    }
  }
}

function readExpectations(raw: unknown, variants: string[], faults: FaultList): Expectation[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((line: unknown, i) => {
    if (typeof line !== 'string') return [];
    const parsed = parseExpectation(line, variants);
    if (parsed.ok) return [parsed.value];
    faults.report(['expect', i], parsed.message);
    return [];
  });
}

/** Maps merge key by key; anything else is replaced. */
function mergeValues(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  const [below, above] = [asMap(base), asMap(over)];
  if (below === undefined || above === undefined) return over;
  const merged: Record<string, unknown> = { ...below };
  for (const key of Object.keys(above)) merged[key] = mergeValues(below[key], above[key]);
  return merged;
}

function pick(map: PlainMap, keys: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => Object.hasOwn(keys, key)));
}
