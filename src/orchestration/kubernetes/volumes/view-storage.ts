/**
 * Claims and volumes of the columns as the volume plugins see them (framework/storage.ts).
 *
 * State      follows the journal; a function of the columns, made anew when the journal has overtaken it.
 * Limits     by node, where a type of instance has one: of the EBS driver.
 * Departs    claims and nodes of all clusters of a run are known in one place; what the scheduler sees of them does not lag.
 */

import { ATTACHMENT, CLAIM_STATE, VOLUME_STATE } from '../../../cluster/storage.ts';
import { CHANGE, JournalCursor, changeBit } from '../../../cluster/journal.ts';
import { EBS_DRIVER } from './provisioners.ts';
import { NO_ROW } from '../../../cluster/hosts.ts';
import type { AttachedDisk, Claim, Storage, StorageClass, Volume } from '../framework/storage.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { StorageClassSpec } from '../../../cluster/storage-specs.ts';

/** How many EBS volumes a host can have attached besides its own; undefined where nothing is known. */
export type AttachLimit = (host: number) => number | undefined;

export class ViewStorage implements Storage {
  readonly claims = new Map<string, Claim>();
  readonly volumes = new Map<string, Volume>();
  readonly classes: ReadonlyMap<string, StorageClass>;
  readonly attachLimits = new Map<string, ReadonlyMap<string, number>>();
  readonly attached = new Map<string, readonly AttachedDisk[]>();
  private readonly view: ClusterView;
  private readonly limitOf: AttachLimit;
  private readonly cursor: JournalCursor;
  private hostsSeen = 0;

  constructor(view: ClusterView, limitOf: AttachLimit) {
    this.view = view;
    this.limitOf = limitOf;
    this.classes = new Map(
      [...view.storage.classes].map(([name, spec]) => [name, storageClassOf(spec)]),
    );
    this.cursor = new JournalCursor(view.journal, changeBit(CHANGE.storage));
    this.rebuild();
  }

  /** Takes in what has changed. */
  advance(): void {
    this.seeHosts();
    const { cursor } = this;
    if (cursor.isOvertaken) {
      this.rebuild();
      return;
    }
    for (let change = cursor.next(); change !== undefined; change = cursor.next()) {
      if (change.value !== NO_ROW) this.seeClaim(change.value);
      if (change.row !== NO_ROW) this.seeVolume(change.row);
    }
  }

  /** Begins anew from the columns. */
  rebuild(): void {
    const { storage, journal } = this.view;
    this.claims.clear();
    this.volumes.clear();
    this.attached.clear();
    this.attachLimits.clear();
    this.hostsSeen = 0;
    this.seeHosts();
    for (let claim = 0; claim < storage.claims.count; claim++) this.seeClaim(claim);
    for (let volume = 0; volume < storage.volumes.count; volume++) this.seeVolume(volume);
    this.cursor.version = journal.version;
  }

  private seeHosts(): void {
    const { hosts, hostNames } = this.view;
    for (; this.hostsSeen < hosts.count; this.hostsSeen++) {
      const limit = this.limitOf(this.hostsSeen);
      if (limit === undefined) continue;
      this.attachLimits.set(hostNames[this.hostsSeen]!, new Map([[EBS_DRIVER, limit]]));
    }
  }

  private seeClaim(row: number): void {
    const { claims, claimSpecs, volumeSpecs } = this.view.storage;
    const spec = claimSpecs[row]!;
    const { namespace, name } = spec;
    const key = `${namespace}/${name}`;
    const state = claims.state[row]!;
    if (state === CLAIM_STATE.gone) {
      // Another claim may have its name by now.
      if (this.claims.get(key)?.uid === String(row)) this.claims.delete(key);
      return;
    }
    const volume = claims.volume[row]!;
    const host = claims.host[row]!;
    this.claims.set(key, {
      namespace,
      name,
      uid: String(row),
      storageClass: spec.storageClass ?? '',
      volume: volume === NO_ROW ? spec.volume : volumeSpecs[volume]!.name,
      isBound: state === CLAIM_STATE.bound,
      isLost: false,
      isDeleted: false,
      ...(host === NO_ROW ? {} : { selectedNode: this.view.hostNames[host]! }),
      storageBytes: spec.storageBytes,
      accessModes: spec.accessModes,
      mode: spec.mode ?? 'Filesystem',
      ...(spec.selector === undefined ? {} : { selector: spec.selector }),
    });
  }

  private seeVolume(row: number): void {
    const { volumes, volumeSpecs, claimSpecs } = this.view.storage;
    const spec = volumeSpecs[row]!;
    const { name, nodeTerms, driver } = spec;
    const state = volumes.state[row]!;
    this.seeAttachment(row);
    if (state === VOLUME_STATE.gone) {
      this.volumes.delete(name);
      return;
    }
    const claim = volumes.claim[row]!;
    const kept = claim === NO_ROW ? spec.claim : claimSpecs[claim]!;
    this.volumes.set(name, {
      name,
      labels: spec.labels ?? {},
      ...(kept === undefined
        ? {}
        : {
            claim: {
              namespace: kept.namespace,
              name: kept.name,
              uid: claim === NO_ROW ? '' : String(claim),
            },
          }),
      storageClass: spec.storageClass,
      storageBytes: spec.storageBytes,
      accessModes: spec.accessModes,
      mode: spec.mode ?? 'Filesystem',
      isAvailable: state === VOLUME_STATE.available,
      isDeleted: false,
      ...(nodeTerms === undefined ? {} : { nodeTerms }),
      ...(driver === undefined ? {} : { csi: { driver, handle: name } }),
    });
  }

  private seeAttachment(row: number): void {
    const { volumes, volumeSpecs } = this.view.storage;
    const { name, driver } = volumeSpecs[row]!;
    if (driver === undefined) return;
    for (const [node, disks] of this.attached) {
      if (!disks.some(({ handle }) => handle === name)) continue;
      const others = disks.filter(({ handle }) => handle !== name);
      if (others.length === 0) this.attached.delete(node);
      else this.attached.set(node, others);
    }
    if (volumes.attachment[row] === ATTACHMENT.none) return;
    const node = this.view.hostNames[volumes.host[row]!]!;
    this.attached.set(node, [...(this.attached.get(node) ?? []), { driver, handle: name }]);
  }
}

function storageClassOf({ name, provisioner, bindingMode, allowedTerms }: StorageClassSpec) {
  return {
    name,
    provisioner,
    bindingMode,
    allowedTopologies: allowedTerms.map(({ expressions }) => expressions),
  };
}
