/**
 * The order in which a solve tries its pods, and when it gives up.
 *
 * Order    CPU request descending, memory request descending, time of submission, row (the UID of a real pod).
 * Failure  a pod that found no place goes to the tail. The solve ends when a pod comes round while the queue is as
 *          long as when it was pushed: a whole pass without progress.
 * Source   aws.md 1.5 (Karpenter 1.14, queue.go).
 */

import type { ClusterView } from '../../cluster/cluster.ts';
import type { Pod } from './pod.ts';

export class PodQueue {
  private readonly pods: Pod[];
  /** Position of the head in `pods`. */
  private at = 0;
  private readonly lengthWhenPushed = new Map<number, number>();

  constructor(view: ClusterView, pods: readonly Pod[]) {
    this.pods = [...pods].sort((a, b) => compare(view, a, b));
  }

  /** The next pod to try, or undefined when there is none or a pass brought nothing. */
  pop(): Pod | undefined {
    const pod = this.pods[this.at];
    if (pod === undefined) return undefined;
    if (this.lengthWhenPushed.get(pod.task) === this.pods.length - this.at) return undefined;
    this.at++;
    return pod;
  }

  push(pod: Pod): void {
    this.pods.push(pod);
    this.lengthWhenPushed.set(pod.task, this.pods.length - this.at);
  }
}

function compare({ specs, tasks }: ClusterView, a: Pod, b: Pod): number {
  return (
    specs.cpuTicks[b.spec]! - specs.cpuTicks[a.spec]! ||
    specs.memoryBytes[b.spec]! - specs.memoryBytes[a.spec]! ||
    tasks.submittedUs[a.task]! - tasks.submittedUs[b.task]! ||
    tasks.number[a.task]! - tasks.number[b.task]!
  );
}
