/**
 * Offerings (instance type, zone, capacity type) whose launch failed: Karpenter looks past them for 3 minutes (aws.md 1.12).
 *
 * Departs    only launches choose others; a plan counts on the offerings that its pool lists.
 */

import { CAPACITY_TYPE } from '../../cluster/hosts.ts';
import { US_PER_MINUTE } from '../../base/units.ts';
import { isFailedLaunch } from '../../cluster/launch-failure.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Offering } from './instance-types.ts';

const AVOIDED_US = 3 * US_PER_MINUTE;

export class UnavailableOfferings {
  private readonly view: ClusterView;
  /** Offering -> time until which it is avoided. */
  private readonly untilUs = new Map<string, number>();

  constructor(view: ClusterView) {
    this.view = view;
  }

  /** A host has changed its state at `atUs`. */
  note(host: number, atUs: number): void {
    const { hosts, hostTypes } = this.view;
    if (!isFailedLaunch(this.view, host)) return;
    const isSpot = hosts.capacityType[host] === CAPACITY_TYPE.spot;
    this.untilUs.set(keyOf(hostTypes[host]!, hosts.zone[host]!, isSpot), atUs + AVOIDED_US);
  }

  has(type: string, { zone, spot }: Pick<Offering, 'zone' | 'spot'>, nowUs: number): boolean {
    return (this.untilUs.get(keyOf(type, zone, spot)) ?? 0) > nowUs;
  }

  save(): (readonly [string, number])[] {
    return [...this.untilUs];
  }

  restore(state: readonly (readonly [string, number])[]): void {
    this.untilUs.clear();
    for (const [key, untilUs] of state) this.untilUs.set(key, untilUs);
  }
}

function keyOf(type: string, zone: number, isSpot: boolean): string {
  return `${type}/${zone}/${isSpot}`;
}
