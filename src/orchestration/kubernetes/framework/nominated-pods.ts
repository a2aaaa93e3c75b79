/**
 * Pods that wait for a node which preemption has chosen for them (kubernetes.md 1.4, 1.10). They run nowhere yet, but other pods
 * of no higher priority are placed as if they did.
 */

import type { PodInfo } from './pod-info.ts';

const NONE: readonly PodInfo[] = [];

export class NominatedPods {
  private readonly byNode = new Map<string, PodInfo[]>();
  private readonly nodeOf = new Map<string, string>();

  /** Takes the pod's earlier nomination back, if it has one. */
  add(pod: PodInfo, node: string): void {
    this.remove(pod.uid);
    this.nodeOf.set(pod.uid, node);
    const pods = this.byNode.get(node);
    if (pods === undefined) this.byNode.set(node, [pod]);
    else pods.push(pod);
  }

  /** Does nothing when the pod is not nominated. */
  remove(uid: string): void {
    const node = this.nodeOf.get(uid);
    if (node === undefined) return;
    this.nodeOf.delete(uid);
    const left = this.byNode.get(node)!.filter((pod) => pod.uid !== uid);
    if (left.length === 0) this.byNode.delete(node);
    else this.byNode.set(node, left);
  }

  /** In the order of their nominations. */
  on(node: string): readonly PodInfo[] {
    return this.byNode.get(node) ?? NONE;
  }
}
