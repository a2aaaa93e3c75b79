/**
 * Which volume a claim is bound to, and which one is made for it (kubernetes.md 1.8).
 *
 *   at once     the volume that the claim names, or one that is kept for it; and where its class waits for no pod, the smallest
 *               free one that will do, or a new one
 *   for a pod   the smallest free one that the pod's node reaches, or a new one in the zone of the node
 *
 * Departs     a driver makes volumes of a zone, but for those that all nodes share; a volume of a path of a node is not made. Where
 *             the class says zones, the real driver waits for no node there.
 */

import { ViewStorage } from './view-storage.ts';
import { HOST_STATE, LAUNCH_TYPE, NO_ROW } from '../../../cluster/hosts.ts';
import { VOLUME_STATE } from '../../../cluster/storage.ts';
import { ZONE_KEY } from '../topology-keys.ts';
import { EBS_DRIVER, driverOf, isAttaching, isMaking } from './provisioners.ts';
import { provisionZone } from './provision-zone.ts';
import { requirementHolds } from '../../../cluster/specs.ts';
import { smallestMatch } from '../framework/plugins/volume-match.ts';
import type { Claim } from '../framework/storage.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { StorageClassSpec, VolumeSpec } from '../../../cluster/storage-specs.ts';

const NONE: ReadonlySet<string> = new Set();
const SHARED_MODES = ['ReadWriteMany', 'ReadOnlyMany'];

export class ClaimBinding {
  private readonly view: ClusterView;
  private readonly storage: ViewStorage;

  constructor(view: ClusterView, storage: ViewStorage) {
    this.view = view;
    this.storage = storage;
  }

  /** Row of the volume that a claim is bound to before a pod asks for it, or NO_ROW. */
  volumeAtOnce(row: number): number {
    const claim = this.claimAt(row);
    if (claim.volume !== '') return this.freeNamed(claim.volume);
    const found = smallestMatch(claim, this.storage.volumes, undefined, NONE);
    if (found === undefined) return NO_ROW;
    return found.claim !== undefined || !this.waitsForPod(row)
      ? this.freeNamed(found.name)
      : NO_ROW;
  }

  /** Row of the volume that a claim is bound to for a pod of the host, or NO_ROW. */
  volumeOn(row: number, host: number): number {
    const { hosts, specs, hostNames } = this.view;
    const { labels } = specs.kindAt(hosts.kind[host]!);
    const node = { labels, name: hostNames[host]! };
    const found = smallestMatch(this.claimAt(row), this.storage.volumes, node, NONE);
    return found === undefined ? NO_ROW : this.freeNamed(found.name);
  }

  /** Is a volume made for the claim before a pod asks for it? */
  isMadeAtOnce(row: number): boolean {
    return this.isMadeFor(row) && !this.waitsForPod(row);
  }

  isMadeFor(row: number): boolean {
    const { volume } = this.view.storage.claimSpecs[row]!;
    return volume === '' && isMaking(this.classOf(row)?.provisioner ?? '');
  }

  /** Where the volume of a claim is made that waits for no pod, as nodes are labelled; undefined while there is no node there. */
  zoneOf(row: number): string | undefined {
    const allowed = this.classOf(row)?.allowedTerms ?? [];
    const mayBeIn = (zone: string): boolean =>
      allowed.length === 0 ||
      allowed.some(({ expressions }) =>
        expressions.every((one) => requirementHolds(one, { [ZONE_KEY]: zone })),
      );
    const zones = this.zonesWithNodes().filter(mayBeIn);
    return provisionZone(this.view.storage.claimSpecs[row]!.name, zones);
  }

  /** Zone of a host by its label; '' where it has none. */
  zoneOfHost(host: number): string {
    const { hosts, specs } = this.view;
    return specs.kindAt(hosts.kind[host]!).labels[ZONE_KEY] ?? '';
  }

  /** The volume that the claim's class makes in a zone; '' for none. */
  newVolume(row: number, zone: string): VolumeSpec {
    const { claimSpecs } = this.view.storage;
    const { storageBytes, accessModes, mode } = claimSpecs[row]!;
    const found = this.classOf(row)!;
    const driver = driverOf(found.provisioner);
    const terms = [{ key: ZONE_KEY, operator: 'In' as const, values: [zone] }];
    const isOfZone = isAttaching(found.provisioner) && zone !== '';
    return {
      name: `pvc-${row}`,
      storageClass: found.name,
      storageBytes,
      accessModes,
      reclaim: found.reclaim ?? 'Delete',
      ...(mode === undefined ? {} : { mode }),
      ...(driver === undefined ? {} : { driver }),
      ...(isOfZone ? { nodeTerms: [{ expressions: terms, fields: [] }] } : {}),
    };
  }

  /** Is somebody paid for a volume of the zone? EBS is for instances: what own hosts have is their owner's. */
  isPaid({ driver }: VolumeSpec, zone: string): boolean {
    const { hosts } = this.view;
    if (driver !== EBS_DRIVER) return false;
    for (let host = 0; host < hosts.count; host++) {
      const isInstance = hosts.launchType[host] === LAUNCH_TYPE.ec2;
      if (isInstance && this.zoneOfHost(host) === zone) return true;
    }
    return false;
  }

  /** Is the volume of a bound claim attached to one node at a time? */
  isExclusive(row: number): boolean {
    const { claims, claimSpecs, volumeSpecs } = this.view.storage;
    if (claimSpecs[row]!.accessModes.some((mode) => SHARED_MODES.includes(mode))) return false;
    return volumeSpecs[claims.volume[row]!]!.driver !== undefined;
  }

  rebuild(): void {
    this.storage.rebuild();
  }

  private claimAt(row: number): Claim {
    this.storage.advance();
    const { namespace, name } = this.view.storage.claimSpecs[row]!;
    return this.storage.claims.get(`${namespace}/${name}`)!;
  }

  private classOf(row: number): StorageClassSpec | undefined {
    const { storage } = this.view;
    return storage.classes.get(storage.claimSpecs[row]!.storageClass ?? '');
  }

  private waitsForPod(row: number): boolean {
    return this.classOf(row)?.bindingMode === 'WaitForFirstConsumer';
  }

  private freeNamed(name: string): number {
    const { volumes, volumeSpecs } = this.view.storage;
    return volumeSpecs.findIndex(
      (spec, row) => spec.name === name && volumes.state[row] === VOLUME_STATE.available,
    );
  }

  private zonesWithNodes(): string[] {
    const { hosts, orchestrators } = this.view;
    const found = new Set<string>();
    for (let host = 0; host < hosts.count; host++) {
      if (
        hosts.state[host] !== HOST_STATE.ready ||
        hosts.launchType[host] === LAUNCH_TYPE.fargate
      ) {
        continue;
      }
      if (orchestrators[hosts.cluster[host]!] === 'kubernetes') found.add(this.zoneOfHost(host));
    }
    return [...found];
  }
}
