/** The one writer of claims and volumes. Every change goes to the journal with the time that the ledger was told. */

import { assert } from '../base/assert.ts';
import { CHANGE } from './journal.ts';
import { NO_ROW } from './hosts.ts';
import { ATTACHMENT, CLAIM_STATE, VOLUME_STATE } from './storage.ts';
import type { ClaimSpec, VolumeSpec } from './storage-specs.ts';
import type { Cluster } from './cluster.ts';

export class StorageLedger {
  private readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** `workload`: whose pods claim it, or NO_ROW. */
  addClaim(spec: ClaimSpec, workload: number, nowUs: number): number {
    const { storage } = this.cluster;
    const claim = storage.addClaim(spec);
    storage.claims.workload[claim] = workload;
    this.note(NO_ROW, claim, nowUs);
    return claim;
  }

  addVolume(spec: VolumeSpec, isPaid: boolean, nowUs: number): number {
    const { storage } = this.cluster;
    const volume = storage.addVolume(spec);
    storage.volumes.isPaid[volume] = Number(isPaid);
    storage.volumes.createdUs[volume] = nowUs;
    this.note(volume, NO_ROW, nowUs);
    return volume;
  }

  /** A volume is being made for the claim, where `host` is, or anywhere with NO_ROW. */
  beginMaking(claim: number, host: number, nowUs: number): void {
    const { claims } = this.cluster.storage;
    assert(claims.state[claim] === CLAIM_STATE.pending, () => `claim ${claim} is not pending`);
    claims.state[claim] = CLAIM_STATE.provisioning;
    claims.host[claim] = host;
    this.note(NO_ROW, claim, nowUs);
  }

  bind(claim: number, volume: number, nowUs: number): void {
    const { claims, volumes } = this.cluster.storage;
    assert(claims.volume[claim] === NO_ROW, () => `claim ${claim} has a volume`);
    assert(volumes.state[volume] === VOLUME_STATE.available, () => `volume ${volume} is taken`);
    claims.state[claim] = CLAIM_STATE.bound;
    claims.volume[claim] = volume;
    claims.host[claim] = NO_ROW;
    volumes.state[volume] = VOLUME_STATE.bound;
    volumes.claim[volume] = claim;
    this.note(volume, claim, nowUs);
  }

  /** The claim goes; its volume is retained, or goes when it is attached nowhere. */
  dropClaim(claim: number, nowUs: number): void {
    const { storage } = this.cluster;
    const { claims, volumes, volumeSpecs } = storage;
    claims.state[claim] = CLAIM_STATE.gone;
    storage.forgetClaim(claim);
    const volume = claims.volume[claim]!;
    this.note(volume, claim, nowUs);
    if (volume === NO_ROW) return;
    volumes.state[volume] = VOLUME_STATE.released;
    const isDeleted = volumeSpecs[volume]!.reclaim === 'Delete';
    if (isDeleted && volumes.attachment[volume] === ATTACHMENT.none) {
      this.dropVolume(volume, nowUs);
    }
  }

  dropVolume(volume: number, nowUs: number): void {
    const { volumes } = this.cluster.storage;
    volumes.state[volume] = VOLUME_STATE.gone;
    volumes.goneUs[volume] = nowUs;
    this.note(volume, NO_ROW, nowUs);
  }

  /** One of ATTACHMENT; a volume that comes off and whose claim has gone is deleted, unless it is retained. */
  setAttachment(volume: number, attachment: number, host: number, nowUs: number): void {
    const { volumes, volumeSpecs } = this.cluster.storage;
    volumes.attachment[volume] = attachment;
    volumes.host[volume] = host;
    this.note(volume, volumes.claim[volume]!, nowUs);
    const isLeft = volumes.state[volume] === VOLUME_STATE.released;
    if (attachment === ATTACHMENT.none && isLeft && volumeSpecs[volume]!.reclaim === 'Delete') {
      this.dropVolume(volume, nowUs);
    }
  }

  private note(volume: number, claim: number, nowUs: number): void {
    this.cluster.journal.write(CHANGE.storage, volume, claim, nowUs);
  }
}
