/**
 * The domains of one topology key: which of its values each host has. Under the host name every host is a domain of its own;
 * any other key is a label, which hosts of one kind share.
 */

import { HOST_KEY } from '../topology-keys.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';

/** The host lacks the label. */
export const NO_DOMAIN = -1;

export class Domains {
  readonly key: string;
  /** Is every host a domain of its own, with its row as number? */
  readonly isByHost: boolean;
  private readonly view: ClusterView;
  private readonly numbers = new Map<string, number>();
  private readonly byKind: (number | undefined)[] = [];

  constructor(view: ClusterView, key: string) {
    this.view = view;
    this.key = key;
    this.isByHost = key === HOST_KEY;
  }

  /** Number of the host's domain, or NO_DOMAIN. */
  of(host: number): number {
    return this.isByHost ? host : this.ofKind(this.view.hosts.kind[host]!);
  }

  /** The same for hosts of a kind, when it is not by host. */
  ofKind(kind: number): number {
    return this.byKind[kind] ?? (this.byKind[kind] = this.ask(kind));
  }

  private ask(kind: number): number {
    const value = this.view.specs.kindAt(kind).labels[this.key];
    if (value === undefined) return NO_DOMAIN;
    let number = this.numbers.get(value);
    if (number === undefined) this.numbers.set(value, (number = this.numbers.size));
    return number;
  }
}
