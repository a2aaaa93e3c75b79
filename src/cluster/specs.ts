/**
 * Task specs, interned, with their demand as columns, and the static half of the question "may this task run on
 * that host": labels and taints, answered once per (spec, kind of host).
 */

import { InternTable } from '../base/intern.ts';
import type { LabelRequirement, Taint, TaskSpec, Toleration } from './spec.ts';

/** Hosts with the same labels and taints are of one kind. */
export interface HostKind {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

export const ELIGIBLE = 0;
export const MISSES_SELECTOR = 1;
export const HAS_TAINT = 2;

export class Specs {
  private readonly table = new InternTable<TaskSpec>();
  private readonly kinds = new InternTable<HostKind>();
  private readonly answers: Uint8Array[] = [];

  readonly cpuTicks: number[] = [];
  readonly memoryBytes: number[] = [];
  readonly gpuCount: number[] = [];
  readonly gpuMilli: number[] = [];

  rowOf(spec: TaskSpec): number {
    const row = this.table.rowOf(spec);
    if (row === this.cpuTicks.length) {
      this.cpuTicks.push(spec.cpuTicks);
      this.memoryBytes.push(spec.memoryBytes);
      this.gpuCount.push(spec.gpuCount);
      this.gpuMilli.push(spec.gpuMilli);
    }
    return row;
  }

  at(row: number): TaskSpec {
    return this.table.values[row]!;
  }

  get count(): number {
    return this.table.values.length;
  }

  kindRowOf(kind: HostKind): number {
    return this.kinds.rowOf(kind);
  }

  kindAt(row: number): HostKind {
    return this.kinds.values[row]!;
  }

  /** ELIGIBLE, MISSES_SELECTOR or HAS_TAINT, remembered per (spec, kind). */
  eligibility(spec: number, kind: number): number {
    let row = this.answers[spec];
    if (row === undefined || kind >= row.length) {
      const larger = new Uint8Array(Math.max(kind + 8, this.kinds.values.length));
      if (row !== undefined) larger.set(row);
      row = this.answers[spec] = larger;
    }
    // Stored with 1 added, so that 0 means "not asked yet".
    const known = row[kind]!;
    if (known !== 0) return known - 1;
    const answer = eligibilityOf(this.at(spec), this.kindAt(kind));
    row[kind] = answer + 1;
    return answer;
  }

  save(): { specs: readonly TaskSpec[]; kinds: readonly HostKind[] } {
    return { specs: this.table.save(), kinds: this.kinds.save() };
  }

  restore(state: { specs: readonly TaskSpec[]; kinds: readonly HostKind[] }): void {
    this.table.restore([]);
    for (const column of [this.cpuTicks, this.memoryBytes, this.gpuCount, this.gpuMilli]) {
      column.length = 0;
    }
    this.answers.length = 0;
    for (const spec of state.specs) this.rowOf(spec);
    this.kinds.restore(state.kinds);
  }
}

/** Labels first, then taints, uncached: the definition that the remembered answers follow. */
export function eligibilityOf(spec: TaskSpec, kind: HostKind): number {
  for (const [key, value] of Object.entries(spec.nodeSelector)) {
    if (kind.labels[key] !== value) return MISSES_SELECTOR;
  }
  for (const requirement of spec.requirements) {
    if (!requirementHolds(requirement, kind.labels)) return MISSES_SELECTOR;
  }
  for (const taint of kind.taints) {
    if (taint.effect === 'PreferNoSchedule') continue;
    if (!spec.tolerations.some((toleration) => tolerates(toleration, taint))) return HAS_TAINT;
  }
  return ELIGIBLE;
}

/** NotIn holds for a missing key, Gt and Lt compare integers and fail without one (kubernetes.md 1.8 NodeAffinity). */
export function requirementHolds(
  requirement: LabelRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = labels[requirement.key];
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && requirement.values.includes(value);
    case 'NotIn':
      return value === undefined || !requirement.values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return integerOf(value) > integerOf(requirement.values[0]);
    case 'Lt':
      return integerOf(value) < integerOf(requirement.values[0]);
  }
}

/** NaN, which no comparison holds for, when the text is no whole number. */
function integerOf(text: string | undefined): number {
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
}

/**
 * kubernetes.md 1.8 TaintToleration: effect, key and value must agree; an empty effect agrees with all, and so does an
 * empty key with `Exists`.
 */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== '' && toleration.effect !== taint.effect) return false;
  if (toleration.key === '') return toleration.operator === 'Exists';
  if (toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || toleration.value === taint.value;
}
