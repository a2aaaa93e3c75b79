/**
 * Commands that wait for their replacements: the old nodes go once all new ones are ready (aws.md 1.23).
 *
 * Meanwhile  the old nodes carry karpenter.sh/disrupted:NoSchedule, so that no new pod comes to them.
 * Given up   when a replacement never came or has gone, or after clamp(80 ms x nodes that wait, 10 min, 1 h): then the old
 *            nodes stay, without the taint.
 * Recognised by pool, type, zone and the moment it was asked for, the last such hosts: orders leave no receipt.
 */

import { DISRUPTED } from '../pod-protection.ts';
import { HOST_STATE } from '../../../cluster/hosts.ts';
import { US_PER_HOUR, US_PER_MINUTE, US_PER_MS } from '../../../base/units.ts';
import type { ActionBuffer } from '../../../orchestration/actions.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { LaunchChoice } from '../launch-choice.ts';
import type { TerminationReason } from '../../../base/reasons.ts';

const GIVE_UP_LEAST_US = 10 * US_PER_MINUTE;
const GIVE_UP_MOST_US = US_PER_HOUR;
const GIVE_UP_STEP_US = 80 * US_PER_MS;

export interface Replacement {
  readonly hosts: readonly number[];
  readonly reason: TerminationReason;
  readonly launches: readonly LaunchChoice[];
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

  /** Taints the old nodes and orders the new ones. */
  start(replacement: Replacement, out: ActionBuffer): void {
    for (const host of replacement.hosts) {
      out.push({ kind: 'change-taints', host, remove: [], add: [DISRUPTED] });
    }
    for (const { pool, instanceType, zone, spot } of replacement.launches) {
      out.push({ kind: 'launch', pool, instanceType, zone, spot });
    }
    this.waiting.push(replacement);
  }

  /** Ends old nodes whose replacements are ready; answers hosts that stay after all. */
  advance(nowUs: number, out: ActionBuffer): number[] {
    const staying: number[] = [];
    const nodes = this.waiting.reduce((sum, { hosts }) => sum + hosts.length, 0);
    const patienceUs = Math.min(
      GIVE_UP_MOST_US,
      Math.max(GIVE_UP_LEAST_US, GIVE_UP_STEP_US * nodes),
    );
    this.waiting = this.waiting.filter((replacement) => {
      const { hosts, reason, orderedUs } = replacement;
      if (nowUs === orderedUs) return true;
      const states = this.statesOf(replacement);
      const isReady = states.every((state) => state === HOST_STATE.ready);
      const isLost =
        states.some((state) => state > HOST_STATE.ready) || nowUs - orderedUs > patienceUs;
      if (isReady) {
        for (const host of hosts) out.push({ kind: 'terminate', host, reason });
      } else if (isLost) {
        for (const host of hosts) {
          out.push({ kind: 'change-taints', host, remove: [DISRUPTED], add: [] });
        }
        staying.push(...hosts);
      }
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

  /** The states of the new nodes; `terminated` for one that is not there. */
  private statesOf({ launches, orderedUs }: Replacement): number[] {
    const { hosts, hostTypes } = this.view;
    const taken = new Set<number>();
    return [...launches].reverse().map(({ pool, zone, instanceType }) => {
      for (let host = hosts.count - 1; host >= 0; host--) {
        if (hosts.requestedUs[host]! < orderedUs) break;
        const isIt =
          hosts.requestedUs[host] === orderedUs &&
          hosts.pool[host] === pool &&
          hosts.zone[host] === zone &&
          hostTypes[host] === instanceType &&
          !taken.has(host);
        if (!isIt) continue;
        taken.add(host);
        return hosts.state[host]!;
      }
      return HOST_STATE.terminated;
    });
  }
}
