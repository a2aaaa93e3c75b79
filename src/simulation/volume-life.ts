/**
 * The life of claims and of their volumes, for pods of Kubernetes:
 *
 *     claim   pending -> (a volume is made) -> bound -> gone
 *     volume  none -> attaching -> attached -> detaching -> none
 *
 * Claims      of a StatefulSet are made with its pods and kept for their successors; those of ephemeral volumes go with their
 *             pod. A claim that waits for no pod is bound to a volume that will do, or one is made, in a zone of its own choice
 *             (volumes/provision-zone.ts); any other is bound when a pod is: on its node, or in the zone of its node.
 * Start       a bound pod pulls nothing until all its volumes are attached to its node.
 * Attach      a volume with a driver is attached to one node at a time (ReadWriteOnce): whoever wants it elsewhere waits until it
 *             has been detached (Multi-Attach error). Volumes that many nodes may use are never waited for.
 * Detach      when the last pod that uses it has left its node: soon where the node answers, or has the taint out-of-service; else
 *             after the 6 minutes for which the controller waits in vain for an unmount.
 * Retention   a claim goes with its ordinal where its set says so (whenScaled); a set is never deleted in a run. Its volume goes
 *             too, once it is detached, unless it is to be retained.
 * Departs     a pod is bound while its volume is being made, and waits on its node; the real one is bound after. A host that is
 *             being emptied does not wait for its volumes to come off.
 * Source      kubernetes.md 1.8, 3.3; attach-detach controller (reconciler, maxWaitForUnmountDuration).
 */

import { ATTACHMENT, CLAIM_STATE } from '../cluster/storage.ts';
import { EVENT } from './events.ts';
import { HOST_STATE, NO_ROW } from '../cluster/hosts.ts';
import { NO_EVENT } from '../kernel/calendar.ts';
import { OUT_OF_SERVICE } from '../orchestration/kubernetes/node/node-taints.ts';
import { PHASE } from './phases.ts';
import { StorageLedger } from '../cluster/storage-ledger.ts';
import { ViewStorage } from '../orchestration/kubernetes/volumes/view-storage.ts';
import { ClaimBinding } from '../orchestration/kubernetes/volumes/claim-binding.ts';
import { tasksOn } from './tasks-on.ts';
import type { ClaimTemplate } from '../cluster/pod-template.ts';
import type { SimulationContext } from './context.ts';
import type { WorkloadClaims } from '../cluster/storage-specs.ts';

/** A bound pod that waits for its volumes, and when its node hears of it. */
export type WaitingPod = readonly [task: number, heardUs: number];

export class VolumeLife {
  private readonly context: SimulationContext;
  private readonly ledger: StorageLedger;
  private readonly binding: ClaimBinding;
  /** Its node may start the pod: nothing is waited for any more. */
  private readonly onReady: (task: number, heardUs: number) => void;
  /** In the order of their coming. */
  private readonly waiting = new Map<number, number>();

  constructor(context: SimulationContext, onReady: (task: number, heardUs: number) => void) {
    const { cluster } = context.setup;
    this.context = context;
    this.ledger = new StorageLedger(cluster);
    this.binding = new ClaimBinding(cluster, new ViewStorage(cluster, () => undefined));
    this.onReady = onReady;
  }

  /** At time 0: the claims that are there. */
  begin(): void {
    this.bindPending();
  }

  /** A pod was made: so are the claims that only it has. */
  submitted(task: number): void {
    const { storage, tasks } = this.context.setup.cluster;
    const wants = storage.wants[tasks.workload[task]!];
    if (wants === undefined) return;
    const names = storage.claimNames(tasks, task).slice(wants.shared.length);
    for (const [i, template] of [...wants.kept, ...wants.ephemeral].entries()) {
      if (storage.claimRow(wants.namespace, names[i]!) !== NO_ROW) continue;
      const claim = this.ledger.addClaim(
        claimOf(template, wants, names[i]!),
        tasks.workload[task]!,
        this.nowUs,
      );
      this.bindAtOnce(claim);
    }
  }

  /** The node of a pod hears of it at `heardUs`: true when it must wait for its volumes first. */
  holds(task: number, heardUs: number): boolean {
    const { storage, tasks } = this.context.setup.cluster;
    const claims = storage.claimsOf(tasks, task);
    if (claims.length === 0) return false;
    const host = tasks.host[task]!;
    let areReady = true;
    for (const claim of claims) {
      if (storage.claims.state[claim] === CLAIM_STATE.pending) {
        this.bindFor(claim, host, heardUs);
      }
      areReady = this.isReady(claim, host, heardUs) && areReady;
    }
    if (areReady) return false;
    this.waiting.set(task, heardUs);
    return true;
  }

  /** A pod has ended, on a host or, with NO_ROW, on none. */
  left(task: number, host: number): void {
    const { storage, tasks, workloads } = this.context.setup.cluster;
    const workload = tasks.workload[task]!;
    const wants = storage.wants[workload];
    if (wants === undefined) return;
    this.waiting.delete(task);
    const claims = storage.claimsOf(tasks, task);
    for (const claim of claims) {
      const volume = storage.claims.volume[claim]!;
      if (volume !== NO_ROW && host !== NO_ROW) this.comeOff(volume, claim, host);
    }
    const isBeyond = tasks.ordinal[task]! >= wants.firstOrdinal + workloads.desired[workload]!;
    const kept = wants.goesWhenScaled && isBeyond ? 0 : wants.kept.length;
    const names = storage.claimNames(tasks, task).slice(wants.shared.length + kept);
    for (const name of names) {
      const claim = storage.claimRow(wants.namespace, name);
      if (claim !== NO_ROW) this.ledger.dropClaim(claim, this.nowUs);
    }
  }

  /** `subject`: as the event says. */
  due(event: number, subject: number): void {
    if (event === EVENT.volumeMade) this.made(subject);
    else if (event === EVENT.volumeAttached) this.attached(subject);
    else this.detached(subject);
  }

  /** A node joined: claims that wait for any node have a zone now. */
  nodeJoined(): void {
    this.bindPending();
  }

  save(): readonly WaitingPod[] {
    return [...this.waiting];
  }

  restore(waiting: readonly WaitingPod[]): void {
    this.waiting.clear();
    for (const [task, heardUs] of waiting) this.waiting.set(task, heardUs);
    this.binding.rebuild();
  }

  /** A volume for the claim is there. */
  private made(claim: number): void {
    const { storage } = this.context.setup.cluster;
    if (storage.claims.state[claim] !== CLAIM_STATE.provisioning) return;
    const host = storage.claims.host[claim]!;
    const { binding } = this;
    const zone = host === NO_ROW ? (binding.zoneOf(claim) ?? '') : binding.zoneOfHost(host);
    const spec = binding.newVolume(claim, zone);
    const volume = this.ledger.addVolume(spec, binding.isPaid(spec, zone), this.nowUs);
    this.ledger.bind(claim, volume, this.nowUs);
    this.lookAgain(claim);
  }

  private attached(volume: number): void {
    const { volumes } = this.context.setup.cluster.storage;
    volumes.nextEvent[volume] = NO_EVENT;
    this.ledger.setAttachment(volume, ATTACHMENT.attached, volumes.host[volume]!, this.nowUs);
    this.lookAgain(volumes.claim[volume]!);
  }

  private detached(volume: number): void {
    const { volumes } = this.context.setup.cluster.storage;
    volumes.nextEvent[volume] = NO_EVENT;
    this.ledger.setAttachment(volume, ATTACHMENT.none, NO_ROW, this.nowUs);
    this.lookAgain(volumes.claim[volume]!);
  }

  private get nowUs(): number {
    return this.context.kernel.nowUs;
  }

  private bindPending(): void {
    const { claims } = this.context.setup.cluster.storage;
    for (let claim = 0; claim < claims.count; claim++) {
      if (claims.state[claim] === CLAIM_STATE.pending) this.bindAtOnce(claim);
    }
  }

  /** What is done for a claim before any pod that wants it has a node. */
  private bindAtOnce(claim: number): void {
    const volume = this.binding.volumeAtOnce(claim);
    if (volume !== NO_ROW) this.ledger.bind(claim, volume, this.nowUs);
    else if (this.binding.isMadeAtOnce(claim) && this.binding.zoneOf(claim) !== undefined) {
      this.make(claim, NO_ROW, this.nowUs);
    }
  }

  /** Binds a claim that has waited for a pod, on the pod's node. */
  private bindFor(claim: number, host: number, heardUs: number): void {
    const volume = this.binding.volumeOn(claim, host);
    if (volume !== NO_ROW) this.ledger.bind(claim, volume, this.nowUs);
    else if (this.binding.isMadeFor(claim)) this.make(claim, host, heardUs);
  }

  private make(claim: number, host: number, fromUs: number): void {
    const { kernel, setup } = this.context;
    this.ledger.beginMaking(claim, host, this.nowUs);
    const madeUs = Math.max(this.nowUs, fromUs) + setup.market.parameters.us('volume.provision-s');
    kernel.schedule(madeUs, PHASE.cloudState, EVENT.volumeMade, claim);
  }

  /** Is the volume of a claim there for a pod of the host? If it can be brought there it will be. */
  private isReady(claim: number, host: number, heardUs: number): boolean {
    const { storage } = this.context.setup.cluster;
    const { claims, volumes } = storage;
    if (claims.state[claim] !== CLAIM_STATE.bound) return false;
    const volume = claims.volume[claim]!;
    if (!this.binding.isExclusive(claim)) return true;
    const isHere = volumes.host[volume] === host;
    if (volumes.attachment[volume] === ATTACHMENT.none) this.bringTo(volume, host, heardUs);
    return isHere && volumes.attachment[volume] === ATTACHMENT.attached;
  }

  private bringTo(volume: number, host: number, fromUs: number): void {
    const { kernel, setup } = this.context;
    const { volumes } = setup.cluster.storage;
    this.ledger.setAttachment(volume, ATTACHMENT.attaching, host, this.nowUs);
    const attachedUs = Math.max(this.nowUs, fromUs) + setup.market.parameters.us('volume.attach-s');
    volumes.nextEvent[volume] = kernel.schedule(
      attachedUs,
      PHASE.capacityReady,
      EVENT.volumeAttached,
      volume,
    );
  }

  /** The pod that used the volume on the host has left; another one there may use it on. */
  private comeOff(volume: number, claim: number, host: number): void {
    const { kernel, setup } = this.context;
    const { storage, tasks } = setup.cluster;
    const { volumes } = storage;
    const attachment = volumes.attachment[volume]!;
    const isOn = attachment === ATTACHMENT.attaching || attachment === ATTACHMENT.attached;
    if (!isOn || volumes.host[volume] !== host) return;
    const isUsed = tasksOn(setup.cluster, host).some((other) =>
      storage.claimsOf(tasks, other).includes(claim),
    );
    if (isUsed) return;
    kernel.cancel(volumes.nextEvent[volume]!);
    this.ledger.setAttachment(volume, ATTACHMENT.detaching, host, this.nowUs);
    // Nobody need wait for it: whoever does is inside the run.
    volumes.nextEvent[volume] = kernel.scheduleBackground(
      this.nowUs + this.detachUs(host),
      PHASE.cloudState,
      EVENT.volumeDetached,
      volume,
    );
  }

  private detachUs(host: number): number {
    const { market, cluster } = this.context.setup;
    const { hosts, specs } = cluster;
    const { taints } = specs.kindAt(hosts.kind[host]!);
    const answers = hosts.down[host] === 0 && hosts.state[host]! < HOST_STATE.terminating;
    const isGivenUp = taints.some(({ key }) => key === OUT_OF_SERVICE.key);
    return market.parameters.us(answers || isGivenUp ? 'volume.detach-s' : 'volume.force-detach-s');
  }

  /** Something happened to the claim or its volume: pods may wait for it no longer. */
  private lookAgain(claim: number): void {
    const { storage, tasks, hosts } = this.context.setup.cluster;
    for (const [task, heardUs] of this.waiting) {
      if (!storage.claimsOf(tasks, task).includes(claim)) continue;
      // A host that is down looks at its pods when it is back; one that is to stop starts no more.
      if (hosts.down[tasks.host[task]!] !== 0 || tasks.stopping[task] === 1) {
        this.waiting.delete(task);
        continue;
      }
      if (this.holds(task, heardUs)) continue;
      this.waiting.delete(task);
      this.onReady(task, Math.max(heardUs, this.nowUs));
    }
  }
}

function claimOf(template: ClaimTemplate, { namespace }: WorkloadClaims, name: string) {
  const { storageClass, storageBytes, accessModes } = template;
  return {
    namespace,
    name,
    volume: '',
    storageBytes,
    accessModes,
    ...(storageClass === undefined ? {} : { storageClass }),
  };
}
