/**
 * Commands that wait for their replacement: the old nodes go once the new one is ready (aws.md 1.23).
 *
 * Given up   when the replacement never came or has gone, or after 10 minutes: then the old nodes stay.
 * Recognised by pool, type, zone and the moment it was asked for: orders leave no receipt.
 * Departs    the old nodes are not tainted while they wait, so the scheduler may still use them.
 */

import { HOST_STATE } from '../../../cluster/hosts.ts';
import { US_PER_MINUTE } from '../../../base/units.ts';
import type { ActionBuffer } from '../../../orchestration/actions.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { LaunchChoice } from '../launch-choice.ts';
import type { TerminationReason } from '../../../base/reasons.ts';

const GIVE_UP_US = 10 * US_PER_MINUTE;

export interface Replacement {
  readonly hosts: readonly number[];
  readonly reason: TerminationReason;
  readonly launch: LaunchChoice;
  readonly orderedUs: number;
}

export class Replacements {
  private readonly view: ClusterView;
  private waiting: Replacement[] = [];

  constructor(view: ClusterView) {
    this.view = view;
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Orders the new node. */
  start(replacement: Replacement, out: ActionBuffer): void {
    const { pool, instanceType, zone, spot } = replacement.launch;
    out.push({ kind: 'launch', pool, instanceType, zone, spot });
    this.waiting.push(replacement);
  }

  /** Ends old nodes whose replacement is ready; answers hosts that stay after all. */
  advance(nowUs: number, out: ActionBuffer): number[] {
    const staying: number[] = [];
    this.waiting = this.waiting.filter((replacement) => {
      if (nowUs === replacement.orderedUs) return true;
      const state = this.stateOf(replacement);
      const isReady = state === HOST_STATE.ready;
      const isLost = state > HOST_STATE.ready || nowUs - replacement.orderedUs > GIVE_UP_US;
      if (isReady) {
        for (const host of replacement.hosts) {
          out.push({ kind: 'terminate', host, reason: replacement.reason });
        }
      } else if (isLost) staying.push(...replacement.hosts);
      return !isReady && !isLost;
    });
    return staying;
  }

  save(): readonly Replacement[] {
    return [...this.waiting];
  }

  restore(state: readonly Replacement[]): void {
    this.waiting = [...state];
  }

  /** The state of the new node; `terminated` when there is none. */
  private stateOf({ launch, orderedUs }: Replacement): number {
    const { hosts, hostTypes } = this.view;
    for (let host = hosts.count - 1; host >= 0; host--) {
      if (
        hosts.requestedUs[host] === orderedUs &&
        hosts.pool[host] === launch.pool &&
        hosts.zone[host] === launch.zone &&
        hostTypes[host] === launch.instanceType
      ) {
        return hosts.state[host]!;
      }
    }
    return HOST_STATE.terminated;
  }
}
