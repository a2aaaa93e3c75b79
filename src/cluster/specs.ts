/**
 * Task specs, interned, with their demand as columns, and the static half of the question "may this task run on
 * that host": labels and taints, answered once per (spec, kind of host).
 */

import { InternTable } from '../base/intern.ts';
import { SizedSpecs } from './sized-specs.ts';
import { TICKS_PER_MILLI } from '../base/units.ts';
import type { PodTemplate } from './pod-template.ts';
import type { LabelRequirement, Taint, TaskSpec, Toleration } from './spec.ts';
import type { NodeTerm } from './pod-template.ts';
import type { SizedSpecsState } from './sized-specs.ts';

/** Hosts with the same labels and taints are of one kind. */
export interface HostKind {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

export const ELIGIBLE = 0;
export const MISSES_SELECTOR = 1;
export const HAS_TAINT = 2;

export interface SpecsState {
  readonly specs: readonly TaskSpec[];
  readonly sized: SizedSpecsState;
  readonly kinds: readonly HostKind[];
}

export class Specs {
  /** Specs that were written, whole. */
  private readonly written = new InternTable<TaskSpec>();
  /** Every row: a written spec with its own sizes or with others. */
  private readonly sized = new SizedSpecs();
  private readonly kinds = new InternTable<HostKind>();
  /** By written spec, then kind. */
  private readonly answers: Uint8Array[] = [];

  readonly cpuTicks: readonly number[] = this.sized.cpuTicks;
  readonly memoryBytes: readonly number[] = this.sized.memoryBytes;
  readonly gpuCount: number[] = [];
  readonly gpuMilli: number[] = [];

  rowOf(spec: TaskSpec): number {
    return this.add(this.written.rowOf(spec), spec.cpuTicks, spec.memoryBytes);
  }

  /** The spec in row `like`, but for its sizes. */
  sizedRowOf(like: number, cpuTicks: number, memoryBytes: number): number {
    return this.add(this.sized.templates[like]!, cpuTicks, memoryBytes);
  }

  /** Made for the call when the sizes are not those that were written. */
  at(row: number): TaskSpec {
    const spec = this.written.values[this.sized.templates[row]!]!;
    const cpuTicks = this.cpuTicks[row]!;
    const memoryBytes = this.memoryBytes[row]!;
    const isWritten = spec.cpuTicks === cpuTicks && spec.memoryBytes === memoryBytes;
    if (isWritten) return spec;
    const { pod } = spec;
    return {
      ...spec,
      cpuTicks,
      memoryBytes,
      ...(pod === undefined ? {} : { pod: resized(pod, cpuTicks, memoryBytes) }),
    };
  }

  priorityOf(row: number): number {
    return this.written.values[this.sized.templates[row]!]!.priority;
  }

  /** What the written spec states for Kubernetes alone; its sizes may not be those of the row. */
  podOf(row: number): PodTemplate | undefined {
    return this.written.values[this.sized.templates[row]!]!.pod;
  }

  /** Number of the written spec: the same for rows that differ in their sizes alone. */
  writtenOf(row: number): number {
    return this.sized.templates[row]!;
  }

  get count(): number {
    return this.sized.count;
  }

  /** The spec that was written, of which a row has the sizes or others. */
  templateOf(row: number): number {
    return this.sized.templates[row]!;
  }

  /** A spec as it was written. */
  writtenAt(template: number): TaskSpec {
    return this.written.values[template]!;
  }

  get writtenCount(): number {
    return this.written.values.length;
  }

  kindRowOf(kind: HostKind): number {
    return this.kinds.rowOf(kind);
  }

  kindAt(row: number): HostKind {
    return this.kinds.values[row]!;
  }

  /** ELIGIBLE, MISSES_SELECTOR or HAS_TAINT, remembered per (spec, kind). */
  eligibility(spec: number, kind: number): number {
    const written = this.sized.templates[spec]!;
    let row = this.answers[written];
    if (row === undefined || kind >= row.length) {
      const larger = new Uint8Array(Math.max(kind + 8, this.kinds.values.length));
      if (row !== undefined) larger.set(row);
      row = this.answers[written] = larger;
    }
    // Stored with 1 added, so that 0 means "not asked yet".
    const known = row[kind]!;
    if (known !== 0) return known - 1;
    const answer = eligibilityOf(this.written.values[written]!, this.kindAt(kind));
    row[kind] = answer + 1;
    return answer;
  }

  save(): SpecsState {
    return { specs: this.written.save(), sized: this.sized.save(), kinds: this.kinds.save() };
  }

  restore(state: SpecsState): void {
    this.written.restore(state.specs);
    this.sized.restore(state.sized);
    this.kinds.restore(state.kinds);
    this.answers.length = this.gpuCount.length = this.gpuMilli.length = 0;
    for (const template of this.sized.templates) this.addGpus(template);
  }

  private add(written: number, cpuTicks: number, memoryBytes: number): number {
    const row = this.sized.rowOf(written, cpuTicks, memoryBytes);
    if (row === this.gpuCount.length) this.addGpus(written);
    return row;
  }

  private addGpus(written: number): void {
    const { gpuCount, gpuMilli } = this.written.values[written]!;
    this.gpuCount.push(gpuCount);
    this.gpuMilli.push(gpuMilli);
  }
}

/** The pod as a whole asks for the sizes, whatever its containers do. */
function resized(pod: PodTemplate, cpuTicks: number, memoryBytes: number): PodTemplate {
  const { cpu: ownCpu = 0, memory: ownMemory = 0 } = pod.overhead;
  const cpu = Math.ceil(cpuTicks / TICKS_PER_MILLI) - ownCpu;
  return { ...pod, podRequests: { ...pod.podRequests, cpu, memory: memoryBytes - ownMemory } };
}

/** Labels first, then taints, uncached: the definition that the remembered answers follow. */
export function eligibilityOf(spec: TaskSpec, kind: HostKind): number {
  for (const [key, value] of Object.entries(spec.nodeSelector)) {
    if (kind.labels[key] !== value) return MISSES_SELECTOR;
  }
  for (const requirement of spec.requirements) {
    if (!requirementHolds(requirement, kind.labels)) return MISSES_SELECTOR;
  }
  const terms = spec.pod?.requiredNodeTerms;
  if (terms !== undefined && !terms.some((term) => termHolds(term, kind.labels))) {
    return MISSES_SELECTOR;
  }
  for (const taint of kind.taints) {
    if (taint.effect === 'PreferNoSchedule') continue;
    if (!spec.tolerations.some((toleration) => tolerates(toleration, taint))) return HAS_TAINT;
  }
  return ELIGIBLE;
}

/** A term about the names of hosts holds for no kind: hosts of a kind differ in their names. */
function termHolds({ expressions, fields }: NodeTerm, labels: HostKind['labels']): boolean {
  if (expressions.length === 0 || fields.length > 0) return false;
  return expressions.every((expression) => requirementHolds(expression, labels));
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
