/** A node and the pods on it as the scheduling framework sees them, with the sums that plugins read (kubernetes.md 1.7). */

import type { Amounts, HostPort } from '../../../cluster/pod-template.ts';
import type { PodInfo } from './pod-info.ts';
import type { Taint } from '../../../cluster/spec.ts';

export interface NodeDescription {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly isUnschedulable: boolean;
  /** `pods` among them. */
  readonly allocatable: Amounts;
  /** By normalised name: bytes, and how many nodes had the image when this node was looked at last (1.9 ImageLocality). */
  readonly images: ReadonlyMap<string, { readonly sizeBytes: number; readonly nodes: number }>;
}

export class NodeInfo {
  readonly node: NodeDescription;
  readonly pods: PodInfo[] = [];
  /** Those of them that state affinity or anti-affinity to pods. */
  readonly podsWithTerms: PodInfo[] = [];
  /** Sum of the effective requests. */
  readonly requested: Record<string, number> = {};
  readonly nonZeroRequested = { cpu: 0, memory: 0 };
  /**
   * Ports that are taken, by what they are. A quirk: where two pods hold one, which no scheduler allows, it is free as soon as one of
   * them is gone.
   */
  readonly usedPorts = new Map<string, HostPort>();

  constructor(node: NodeDescription, pods: readonly PodInfo[] = []) {
    this.node = node;
    for (const pod of pods) this.add(pod);
  }

  add(pod: PodInfo): void {
    this.pods.push(pod);
    if (hasTerms(pod)) this.podsWithTerms.push(pod);
    for (const port of pod.spec.hostPorts) this.usedPorts.set(portKey(port), port);
    this.count(pod, 1);
  }

  /** Takes out the pod with the uid; does nothing when it is not here. */
  remove(uid: string): void {
    const pod = takeOut(this.pods, uid);
    if (pod === undefined) return;
    if (hasTerms(pod)) takeOut(this.podsWithTerms, uid);
    for (const port of pod.spec.hostPorts) this.usedPorts.delete(portKey(port));
    this.count(pod, -1);
  }

  /** A copy that may be changed without changing this one. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.node);
    copy.pods.push(...this.pods);
    copy.podsWithTerms.push(...this.podsWithTerms);
    Object.assign(copy.requested, this.requested);
    Object.assign(copy.nonZeroRequested, this.nonZeroRequested);
    for (const [key, port] of this.usedPorts) copy.usedPorts.set(key, port);
    return copy;
  }

  private count({ spec }: PodInfo, sign: 1 | -1): void {
    for (const [resource, amount] of Object.entries(spec.requests)) {
      this.requested[resource] = (this.requested[resource] ?? 0) + sign * amount;
    }
    this.nonZeroRequested.cpu += sign * spec.nonZero.cpu;
    this.nonZeroRequested.memory += sign * spec.nonZero.memory;
  }
}

function hasTerms({ spec }: PodInfo): boolean {
  const { affinity, antiAffinity } = spec.template;
  return (
    affinity.required.length > 0 ||
    affinity.preferred.length > 0 ||
    antiAffinity.required.length > 0 ||
    antiAffinity.preferred.length > 0
  );
}

function takeOut(pods: PodInfo[], uid: string): PodInfo | undefined {
  const at = pods.findIndex((pod) => pod.uid === uid);
  return at < 0 ? undefined : pods.splice(at, 1)[0];
}

function portKey({ ip, protocol, port }: HostPort): string {
  return `${ip} ${protocol} ${port}`;
}
