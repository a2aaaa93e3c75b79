/** An error on its way out of a worker thread as plain data: copying an Error loses its class and its fields. */

import { InvariantError } from '../../base/assert.ts';
import { ScenarioError, type Fault } from '../../base/scenario-error.ts';
import type { Cell } from '../cells.ts';

export interface CellFailure {
  readonly kind: 'invariant' | 'scenario' | 'system' | 'other';
  readonly message: string;
  readonly stack: string;
  readonly faults: readonly Fault[];
  /** Name of the failed system call. */
  readonly syscall: string;
}

export function failureOf(error: unknown): CellFailure {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const base = { message, stack, faults: [], syscall: '' };
  if (error instanceof InvariantError) return { ...base, kind: 'invariant' };
  if (error instanceof ScenarioError) return { ...base, kind: 'scenario', faults: error.faults };
  if (error instanceof Error && 'syscall' in error) {
    return { ...base, kind: 'system', syscall: String(error.syscall) };
  }
  return { ...base, kind: 'other' };
}

/** The error again; when the program is wrong its message says which run it broke, and with which command it does. */
export function errorOf(failure: CellFailure, { variant, seed }: Cell, replay: string): Error {
  if (failure.kind === 'scenario') return new ScenarioError(failure.faults);
  const isSystem = failure.kind === 'system';
  const message = isSystem
    ? failure.message
    : `${failure.message}\nin variant ${variant}, seed ${seed}; to see it again: ${replay}`;
  const error = failure.kind === 'invariant' ? new InvariantError(message) : new Error(message);
  error.stack = failure.stack;
  return isSystem ? Object.assign(error, { syscall: failure.syscall }) : error;
}
