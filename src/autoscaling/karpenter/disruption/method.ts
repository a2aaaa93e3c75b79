/**
 * The contract of a disruption method: look for nodes that may go, say which, and say again after the wait whether
 * that still holds.
 */

import type { Candidate, Surroundings } from './candidate.ts';
import type { LaunchableClaim } from '../launch-choice.ts';
import type { PassNodes } from './pass-nodes.ts';
import type { Pod } from '../pod.ts';
import type { ProbeClock } from './probe-clock.ts';
import type { Provisioner } from '../provisioner.ts';
import type { TerminationReason } from '../../../base/reasons.ts';

/** A node that must be ready before others go: the types that it may have, as names, so that a command is plain data. */
export interface ReplacementChoice {
  readonly types: readonly string[];
  /** It would save nothing as an on-demand node. */
  readonly isSpotOnly: boolean;
}

export interface Command {
  readonly reason: TerminationReason;
  readonly hosts: readonly number[];
  readonly replacement: ReplacementChoice | undefined;
}

/** A command that is to be carried out now. */
export interface Order {
  readonly reason: TerminationReason;
  readonly hosts: readonly number[];
  readonly replacements: readonly LaunchableClaim[];
  /** Nodes that take the pods: not to be disrupted for a while. */
  readonly nominated: readonly number[];
}

/** One pass: everything that a method may look at. */
export interface Pass extends Surroundings {
  readonly provisioner: Provisioner;
  /** The best first. */
  readonly candidates: readonly Candidate[];
  /** Pods that need a place whatever is decided. */
  readonly podsToPlace: readonly Pod[];
  readonly nodes: PassNodes;
  /** What thinking has cost in this pass. */
  readonly clock: ProbeClock;
  /** NodePools that single-node consolidation did not reach before its time was over. */
  readonly unseenPools: Set<string>;
}

export interface Finding {
  readonly command: Command | undefined;
  /** True when looking again before the cluster changes would be in vain (aws.md 1.17, memo). */
  readonly isFinal: boolean;
}

export interface DisruptionMethod {
  find(pass: Pass): Finding;
  /** What is left of a command after the validation wait; undefined when nothing is. */
  validate(command: Command, pass: Pass): Order | undefined;
}

export const NOTHING: Finding = { command: undefined, isFinal: false };
