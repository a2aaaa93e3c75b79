/**
 * The order in which a solve tries its pods, and when it gives up.
 *
 * Order    CPU request descending, memory request descending, time of submission, row (the UID of a real pod).
 * Failure  a pod that found no place goes to the tail. The solve ends when a pod comes round while the queue is as
 *          long as when it was pushed: a whole pass without progress.
 * Source   aws.md 1.5 (Karpenter 1.14, queue.go).
 */

export class PodQueue<Queued> {
  private readonly pods: Queued[];
  /** Position of the head in `pods`. */
  private at = 0;
  private readonly lengthWhenPushed = new Map<Queued, number>();

  /** In the order in which they are tried. */
  constructor(pods: readonly Queued[]) {
    this.pods = [...pods];
  }

  /** The next pod to try, or undefined when there is none or a pass brought nothing. */
  pop(): Queued | undefined {
    const pod = this.pods[this.at];
    if (pod === undefined) return undefined;
    if (this.lengthWhenPushed.get(pod) === this.pods.length - this.at) return undefined;
    this.at++;
    return pod;
  }

  push(pod: Queued): void {
    this.pods.push(pod);
    this.lengthWhenPushed.set(pod, this.pods.length - this.at);
  }
}

/** What the order looks at. */
export interface QueueKey {
  readonly cpu: number;
  readonly memory: number;
  readonly createdUs: number;
  readonly number: number;
}

export function inQueueOrder(a: QueueKey, b: QueueKey): number {
  return b.cpu - a.cpu || b.memory - a.memory || a.createdUs - b.createdUs || a.number - b.number;
}
