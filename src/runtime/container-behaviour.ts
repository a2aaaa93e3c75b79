/**
 * What a workload's containers do that nobody asked for, exit with an error, hang and take memory, and how Kubernetes looks after
 * them.
 *
 * Crash     each run of the containers ends in an error with probability `share`, a drawn time after its start; drawn by
 *           (seed, workload, number of the task, run), so the same work crashes alike under every policy.
 * Hang      in the same way: from then on they answer no probe, do no work and end by nothing but a kill. What they use stays.
 * Memory    piecewise constant since the start of the run, as a share of the request. The first step above the limit is the
 *           end of the run: its cgroup kills it, whatever the host has free (kubernetes.md 2.9).
 * Departs   a task is one container here: all exit and start together, and memory is not given back before a run ends.
 */

import { NEVER } from '../base/units.ts';
import { counterUniform } from '../random/counter-hash.ts';
import { quantile } from '../random/sampler.ts';
import type { DiskUse } from './disk-use.ts';
import type { Distribution } from '../random/distribution.ts';
import type { Probes } from './probe.ts';
import type { PodTemplate } from '../cluster/pod-template.ts';

export interface CrashProcess {
  readonly afterUs: Distribution;
  readonly share: number;
}

export interface MemoryStep {
  /** Since the start of the run. */
  readonly afterUs: number;
  /** Of the request. */
  readonly share: number;
}

export interface MemoryUse {
  /** In ascending order, the first at 0. */
  readonly steps: readonly MemoryStep[];
  /** Infinity for none. */
  readonly limitBytes: number;
  /** What the shares are of, where the request may change; absent for the request. */
  readonly ofBytes?: number;
  /** The limit keeps its ratio to the request when that changes. */
  readonly scalesLimit?: boolean;
}

export interface ContainerBehaviour {
  readonly crash?: CrashProcess;
  readonly hang?: CrashProcess;
  readonly memory?: MemoryUse;
  readonly disk?: DiskUse;
  /** Kubernetes: what finds out whether the containers are well; absent for none. */
  readonly probes?: Probes;
  /** Kubernetes; absent for that of the pod template. */
  readonly restartPolicy?: PodTemplate['restartPolicy'];
}

/** Whose time is drawn, and of what. */
export interface RunDraw {
  readonly what: 'crash' | 'hang';
  readonly workload: string;
  readonly ordinal: number;
  readonly run: number;
}

/** Time from the start of run `run` of a task to its crash, or to its hanging, or NEVER. */
export function crashAfterUs(
  { afterUs, share }: CrashProcess,
  seed: string | number,
  { what, workload, ordinal, run }: RunDraw,
): number {
  const purpose = `${what}/${workload}/${run}`;
  if (counterUniform(seed, `${purpose}/whether`, ordinal) >= share) return NEVER;
  return Math.max(0, Math.round(quantile(afterUs, counterUniform(seed, purpose, ordinal))));
}

/** Time from the start of a run to its taking more memory than it may, or NEVER. */
export function overLimitAfterUs(use: MemoryUse, requestBytes: number): number {
  const { steps, ofBytes = requestBytes } = use;
  const limitBytes = limitOf(use, requestBytes);
  return steps.find(({ share }) => share * ofBytes > limitBytes)?.afterUs ?? NEVER;
}

/** Infinity for none. */
export function limitOf(
  { limitBytes, ofBytes, scalesLimit = false }: MemoryUse,
  requestBytes: number,
): number {
  if (!scalesLimit || ofBytes === undefined || limitBytes === Infinity) return limitBytes;
  return Math.trunc((limitBytes * requestBytes) / ofBytes);
}

/** Memory in use so long after the start of the run. */
export function memoryInUse(use: MemoryUse, requestBytes: number, afterUs: number): number {
  const { steps, ofBytes = requestBytes } = use;
  let bytes = 0;
  for (const step of steps) {
    if (step.afterUs > afterUs) break;
    bytes = Math.round(step.share * ofBytes);
  }
  return bytes;
}

/** Time since the start of the run of the next change, or NEVER. */
export function nextStepUs({ steps }: MemoryUse, afterUs: number): number {
  return steps.find((step) => step.afterUs > afterUs)?.afterUs ?? NEVER;
}
