/**
 * The nodes of a cluster at one moment, as plans fill them: ready ones first, then by name, which is the order of rows. Many
 * plans may ask about the same moment; what does not hang on what a plan has placed is worked out once for all of them.
 *
 * Room       the free room of the columns, less the daemons that have yet to arrive.
 * First      by kind of pod: the first node that could take one, were nothing placed: no plan has to look before it.
 * Touched    nodes that a plan looks at closely become objects of their own, on a fork of the columns (existing-node.ts).
 * Source     aws.md 1.6 (Karpenter 1.14, scheduler.go).
 */

import { ELIGIBLE } from '../../cluster/specs.ts';
import { ExistingNode } from './existing-node.ts';
import { HOST_STATE } from '../../cluster/hosts.ts';
import { hostPortsOn, mayStay } from './host-nodes.ts';
import { mayUsePool } from '../../placement/feasible.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Fork } from '../../cluster/fork.ts';
import type { Lineup } from './existing-nodes.ts';
import type { Pod } from './pod.ts';
import type { PodVariant } from './pod-shape.ts';
import type { Requirements } from './requirements.ts';
import type { ScheduledPodsBook } from './scheduled-pods.ts';
import type { Taint } from '../../cluster/spec.ts';

/** Nodes that are alike but for their room and name. */
interface Sort {
  readonly taints: readonly Taint[];
  readonly requirements: Requirements;
  readonly pool: number;
}

const NOTHING_OPEN: ReadonlySet<string> = new Set();

export class StandingNodes {
  readonly view: ClusterView;
  /** In the order in which they are tried. */
  readonly hosts: readonly number[];
  /** Every host that holds pods which count, draining ones among them. */
  readonly counted: readonly number[];
  readonly isSettling: Uint8Array;
  readonly scheduled: ScheduledPodsBook;
  /** Specs of daemons that are still to come, by position; most nodes have none. */
  readonly daemonsToCome = new Map<number, readonly number[]>();
  private readonly cpuFree: Float64Array;
  private readonly memoryFree: Float64Array;
  private readonly slotsFree: Int32Array;
  private readonly sorts: Sort[] = [];
  private readonly sortOf: Int32Array;
  /** By variant: whether a sort takes it; 0 not known, 1 yes, 2 no. */
  private readonly takes: (Uint8Array | undefined)[] = [];
  private readonly first = new Map<number, number>();

  constructor(
    view: ClusterView,
    scheduled: ScheduledPodsBook,
    hosts: readonly number[],
    counted: readonly number[],
    daemons: readonly number[],
    isSettling: (host: number) => boolean,
  ) {
    this.view = view;
    this.scheduled = scheduled;
    this.hosts = hosts;
    this.counted = counted;
    const { hosts: columns } = view;
    this.cpuFree = Float64Array.from(hosts, (host) => columns.cpuFree[host]!);
    this.memoryFree = Float64Array.from(hosts, (host) => columns.memoryFree[host]!);
    this.slotsFree = Int32Array.from(hosts, (host) => columns.slotsFree[host]!);
    this.isSettling = Uint8Array.from(hosts, (host) => Number(isSettling(host)));
    this.sortOf = this.sorted();
    for (const [at, host] of hosts.entries()) this.expectDaemons(at, host, daemons);
  }

  sortAt(at: number): Sort {
    return this.sorts[this.sortOf[at]!]!;
  }

  /** Could the node take the pod, were nothing placed? Ports, devices and host names are not looked at. */
  mayHold(at: number, { spec, isMoved }: Pod, variant: PodVariant): boolean {
    const { specs } = this.view;
    return (
      !(isMoved && this.isSettling[at] === 1) &&
      specs.cpuTicks[spec]! <= this.cpuFree[at]! &&
      specs.memoryBytes[spec]! <= this.memoryFree[at]! &&
      this.slotsFree[at]! > 0 &&
      this.sortTakes(this.sortOf[at]!, variant)
    );
  }

  /** The first node that could. */
  firstOf(pod: Pod, variant: PodVariant): number {
    const key = 2 * variant.id + Number(pod.isMoved);
    let at = this.first.get(key);
    if (at === undefined) {
      at = 0;
      while (at < this.hosts.length && !this.mayHold(at, pod, variant)) at++;
      this.first.set(key, at);
    }
    return at;
  }

  private sortTakes(sort: number, variant: PodVariant): boolean {
    const known = (this.takes[variant.id] ??= new Uint8Array(this.sorts.length));
    if (known[sort] === 0) {
      const { taints, pool, requirements } = this.sorts[sort]!;
      const { wishes } = variant.shape;
      const takes =
        variant.toleratesAll(taints) &&
        wishes.mayUsePool?.(pool) !== false &&
        requirements.isCompatible(variant.requirements, NOTHING_OPEN);
      known[sort] = takes ? 1 : 2;
    }
    return known[sort] === 1;
  }

  private sorted(): Int32Array {
    const { hosts: columns } = this.view;
    const known = new Map<string, number>();
    return Int32Array.from(this.hosts, (host) => {
      const isReady = columns.state[host] === HOST_STATE.ready;
      const pool = columns.pool[host]!;
      const name = `${columns.kind[host]!}/${pool}/${isReady}`;
      let sort = known.get(name);
      if (sort === undefined) {
        const { taints, requirements } = this.scheduled.nodeOf(host);
        sort = this.sorts.length;
        this.sorts.push({ taints: isReady ? taints : taints.filter(mayStay), requirements, pool });
        known.set(name, sort);
      }
      return sort;
    });
  }

  private expectDaemons(at: number, host: number, daemons: readonly number[]): void {
    const { workloads, counts, hosts, specs } = this.view;
    const missing: number[] = [];
    for (const workload of daemons) {
      const spec = workloads.spec[workload]!;
      if (counts.onHost(workload, host) > 0) continue;
      if (!mayUsePool(this.view, hosts.pool[host]!, workload)) continue;
      if (specs.eligibility(spec, hosts.kind[host]!) !== ELIGIBLE) continue;
      missing.push(spec);
      this.cpuFree[at]! -= specs.cpuTicks[spec]!;
      this.memoryFree[at]! -= specs.memoryBytes[spec]!;
      this.slotsFree[at]! -= 1;
    }
    if (missing.length > 0) this.daemonsToCome.set(at, missing);
  }
}

/** Standing nodes while one plan fills them; hosts that are gone take nothing. */
export class NodesOfPlan implements Lineup {
  private readonly standing: StandingNodes;
  private readonly fork: Fork;
  private readonly gone: ReadonlySet<number>;
  private readonly touched = new Map<number, ExistingNode>();

  constructor(standing: StandingNodes, fork: Fork, gone: ReadonlySet<number>) {
    this.standing = standing;
    this.fork = fork;
    this.gone = gone;
  }

  get count(): number {
    return this.standing.hosts.length;
  }

  firstOf(pod: Pod, variant: PodVariant): number {
    return this.standing.firstOf(pod, variant);
  }

  mayHold(at: number, pod: Pod, variant: PodVariant): boolean {
    if (this.gone.has(this.standing.hosts[at]!)) return false;
    const touched = this.touched.get(at);
    if (touched !== undefined) return touched.mayHold(pod, variant);
    if (!this.standing.mayHold(at, pod, variant)) return false;
    const { wishes } = variant.shape;
    const isPlain =
      wishes.hostPorts.length === 0 &&
      variant.hostname === undefined &&
      this.standing.view.specs.gpuCount[pod.spec] === 0;
    return isPlain || this.nodeAt(at).mayHold(pod, variant);
  }

  nodeAt(at: number): ExistingNode {
    let node = this.touched.get(at);
    if (node === undefined) this.touched.set(at, (node = this.made(at)));
    return node;
  }

  private made(at: number): ExistingNode {
    const { standing, fork } = this;
    const host = standing.hosts[at]!;
    for (const spec of standing.daemonsToCome.get(at) ?? []) fork.place(spec, host);
    const state = {
      ...standing.sortAt(at),
      hostname: String(host),
      host,
      hostPorts: hostPortsOn(standing.view, standing.scheduled, host),
      isSettling: standing.isSettling[at] === 1,
    };
    return new ExistingNode(state, {
      fits: ({ spec }) => fork.fits(spec, host),
      take: ({ spec }) => fork.place(spec, host),
    });
  }
}
