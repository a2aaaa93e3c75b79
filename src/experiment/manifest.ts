/**
 * `manifest.json`: what made an output folder. Everything needed to run it again and to hold it against another, and,
 * beside the tables, everything that the report says. No wall-clock value, no thread count, no absolute path: two runs of
 * one scenario write the same manifest.
 */

import { stringify } from 'yaml';
import type { AssumptionUsed, ReportFacts } from '../report/html.ts';
import type { TableFormat } from '../report/tables/table-format.ts';
import type { ExpectationResult } from '../scenario/expectation.ts';
import { expectationNumber } from './expectation-number.ts';

export interface FileRecord {
  readonly path: string;
  readonly sha256: string;
}

interface RunRecord {
  readonly variant: string;
  readonly seed: string;
  readonly digest: string;
  readonly events: number;
  readonly steps: number;
  readonly ending: 'duration' | 'finished' | 'stuck';
  readonly explanation: string;
}

/** The value that a variant ran with. */
export interface AssumptionRecord {
  readonly name: string;
  readonly variant: string;
  readonly value: number;
  readonly default: number;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly source: string;
}

export interface Manifest {
  readonly berth: string;
  /** Digests of the scenario schema and of the instance catalogue: they change when the content does. */
  readonly schema: string;
  readonly catalogue: string;
  readonly scenario: FileRecord & { readonly name: string; readonly resolved: unknown };
  readonly rerun: string;
  /** Of the tables, but for the dictionary. */
  readonly format: TableFormat;
  readonly baseline: string;
  readonly warmupUs: number;
  readonly durationUs: number;
  readonly seeds: readonly string[];
  readonly policies: readonly (FileRecord & { readonly names: readonly string[] })[];
  readonly inputs: readonly FileRecord[];
  readonly runs: readonly RunRecord[];
  /** Not run, because the experiment was interrupted. */
  readonly missing: readonly { readonly variant: string; readonly seed: string }[];
  readonly expectations: readonly ExpectationResult[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly assumptions: readonly AssumptionRecord[];
  /** SHA-256 of every file of the folder but this one and performance.json, by name. */
  readonly outputs: Readonly<Record<string, string>>;
}

export function reportFactsOf(manifest: Manifest): ReportFacts {
  return {
    scenario: manifest.scenario.name,
    baseline: manifest.baseline,
    warmupUs: manifest.warmupUs,
    durationUs: manifest.durationUs,
    scenarioText: stringify(manifest.scenario.resolved),
    command: manifest.rerun,
    seeds: manifest.seeds,
    expectations: manifest.expectations.map(({ text, variant, holds, value }) => ({
      expectation: text,
      variant,
      holds,
      found: expectationNumber(value),
    })),
    assumptions: assumptionsUsed(manifest.assumptions),
    warnings: manifest.warnings,
    versions: [
      ['Berth', manifest.berth],
      ['schema', manifest.schema],
      ['catalogue', manifest.catalogue],
    ],
  };
}

/** One line a parameter; variants are named only where they ran with different values. */
function assumptionsUsed(records: readonly AssumptionRecord[]): AssumptionUsed[] {
  const names = [...new Set(records.map((record) => record.name))];
  return names.map((name) => {
    const own = records.filter((record) => record.name === name);
    const { unit, low, high, source, value: first } = own[0]!;
    const measure = unit === '1' ? '' : ` ${unit}`;
    const value = own.every((record) => record.value === first)
      ? `${first}${measure}`
      : own.map((record) => `${record.value}${measure} in ${record.variant}`).join(', ');
    return { name, value, range: `${low} to ${high}${measure}`, source };
  });
}
