/**
 * The contract of a disruption method: look for nodes that may go, say which, and say again after the wait whether
 * that still holds.
 */

import type { Candidate, Surroundings } from './candidate.ts';
import type { LaunchChoice } from '../launch-choice.ts';
import type { Pod } from '../pod.ts';
import type { Provisioner } from '../provisioner.ts';
import type { TerminationReason } from '../../../base/reasons.ts';

export interface Command {
  readonly reason: TerminationReason;
  readonly hosts: readonly number[];
  /** A node that must be ready before they go. */
  readonly replacement: LaunchChoice | undefined;
}

/** One pass: everything that a method may look at. */
export interface Pass extends Surroundings {
  readonly provisioner: Provisioner;
  /** The best first. */
  readonly candidates: readonly Candidate[];
  /** Pods that need a place whatever is decided. */
  readonly podsToPlace: readonly Pod[];
}

export interface Finding {
  readonly command: Command | undefined;
  /** True when looking again before the cluster changes would be in vain (aws.md 1.17, memo). */
  readonly isFinal: boolean;
}

export interface DisruptionMethod {
  find(pass: Pass): Finding;
  /** What is left of a command after the validation wait; undefined when nothing is. */
  validate(command: Command, pass: Pass): Command | undefined;
}
