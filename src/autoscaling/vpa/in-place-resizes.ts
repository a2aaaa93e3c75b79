/**
 * Resizes in place that an updater asked for and has not seen done (kubernetes.md 4.2, InPlaceOrRecreate).
 *
 * Way         a pod is resized where it is; one that is pending waits; one whose resize is open is evicted when its node is
 *             smaller than what was asked for (infeasible) or after 5 min (deferred), and waits until then.
 * Departs     a kubelet makes a resize in no time, so none is in progress for an hour.
 */

import { US_PER_MINUTE } from '../../base/units.ts';
import type { ContainerAmounts } from './recommendation.ts';
import type { UpdatedPod } from './pod-update.ts';

interface OpenResize {
  readonly askedUs: number;
  readonly wanted: ContainerAmounts;
}

export type InPlaceResizesState = readonly (readonly [number: number, resize: OpenResize])[];

const DEFERRED_US = 5 * US_PER_MINUTE;

export class InPlaceResizes {
  /** By number of the task. */
  private readonly open = new Map<number, OpenResize>();

  /** Forgets what is done, and pods that are gone. */
  look(pods: readonly UpdatedPod[]): void {
    if (this.open.size === 0) return;
    const stand = new Map(pods.map(({ number, request }) => [number, request]));
    for (const [number, { wanted }] of this.open) {
      const request = stand.get(number);
      if (request === undefined || isSame(request, wanted)) this.open.delete(number);
    }
  }

  /** `node` is what the pod's node has for pods. */
  way(
    { number, isPending }: UpdatedPod,
    node: ContainerAmounts,
    nowUs: number,
  ): 'resize' | 'evict' | 'wait' {
    if (isPending) return 'wait';
    const resize = this.open.get(number);
    if (resize === undefined) return 'resize';
    const { askedUs, wanted } = resize;
    const isInfeasible = wanted.cpuMilli > node.cpuMilli || wanted.memoryBytes > node.memoryBytes;
    return isInfeasible || nowUs - askedUs > DEFERRED_US ? 'evict' : 'wait';
  }

  ask({ number }: UpdatedPod, wanted: ContainerAmounts, nowUs: number): void {
    this.open.set(number, { askedUs: nowUs, wanted });
  }

  save(): InPlaceResizesState {
    return [...this.open];
  }

  restore(state: InPlaceResizesState): void {
    this.open.clear();
    for (const [number, resize] of state) this.open.set(number, resize);
  }
}

function isSame(a: ContainerAmounts, b: ContainerAmounts): boolean {
  return a.cpuMilli === b.cpuMilli && a.memoryBytes === b.memoryBytes;
}
