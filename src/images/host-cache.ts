/**
 * When an image is there: pulled once a host, then cached for as long as the host lives or has room.
 *
 *     pull = round trips + bytes / download rate + bytes / unpack rate       (bytes compressed)
 *
 * Waiting    an image that is being pulled already is waited for, not pulled twice.
 * Modes      serial: one pull after the other on a host (kubelet's own default, kubernetes.md 2.3);
 *            parallel: side by side (ECS agent, aws.md 3.5; EKS nodes, kubernetes.md 2.2).
 * Limit      a kubelet may ask the registry only so often (pull-limit.ts); what is refused is for the caller to try again.
 * Room       where a disk for images is stated the kubelet collects unused ones (image-collection.ts), looked at when somebody
 *            asks: between two questions nothing can happen that would not happen all the same.
 * Fargate    caches nothing (aws.md 4.3): each micro-VM is a new host, so nothing special is done.
 * Check      aws.md 4.5: 413 MB on Fargate, 28 s of launch + 27 s of pull + 2 s of start = 57 s.
 * Departs    an image is one blob: layers shared between images are fetched again; layers neither overlap download with
 *            unpacking (the rates are calibrated to that). Parallel pulls do not slow each other and the instance's own
 *            network does not cap them (it bursts, aws.md 2.3). Registries never fail.
 * State      flat: per host the time from which each image is there, who uses it, and the tokens of its kubelet.
 */

import { assert } from '../base/assert.ts';
import { NEVER, US_PER_SECOND } from '../base/units.ts';
import { COLLECTION_PERIOD_US, canFill, collectImages } from './image-collection.ts';
import { takePull } from './pull-limit.ts';
import type { PullPath } from './pull-path.ts';
import type { PullTokens } from './pull-limit.ts';
import type { StoredImage } from './image-collection.ts';

export interface ImageCachesState {
  readonly hosts: readonly (readonly [number, HostImages])[];
}

interface HostImages extends PullTokens {
  /** By image: the time from which it is there; NEVER while nobody asked for it. */
  readonly readyUs: Float64Array;
  /** By image: tasks on the host that have it, and when the last of them left. Kept where images are collected. */
  readonly users: Int32Array;
  readonly lastUsedUs: Float64Array;
  /** End of the last pull. */
  freeUs: number;
  /** Next collection. */
  collectUs: number;
}

/** In place of the end of a pull: the kubelet may not ask the registry now. */
export const REFUSED = -1;

export class ImageCaches {
  private readonly names: ReadonlyMap<string, number>;
  private readonly bytes: readonly number[];
  private readonly unpackedFactor: number;
  private readonly unpackedBytes: number;
  private readonly hosts = new Map<number, HostImages>();

  /** Compressed bytes of each image, by name, and how many bytes on disk one of them becomes. */
  constructor(imageBytes: Readonly<Record<string, number>>, unpackedFactor = 1) {
    this.names = new Map(Object.keys(imageBytes).map((name, row) => [name, row]));
    this.bytes = Object.values(imageBytes);
    this.unpackedFactor = unpackedFactor;
    this.unpackedBytes = this.bytes.reduce((sum, bytes) => sum + bytes, 0) * unpackedFactor;
  }

  /**
   * Time at which the host has the image, `nowUs` when it has it already; starts the pull when nobody has. '' is no image.
   * REFUSED when the host may not ask for it now.
   */
  pullEndUs(host: number, image: string, path: PullPath, nowUs: number): number {
    if (image === '') return nowUs;
    const row = this.rowOf(image);
    const images = this.imagesOf(host, nowUs);
    this.collect(images, path, nowUs);
    if (images.readyUs[row]! <= nowUs) return nowUs;
    if (path.limit !== undefined && !takePull(images, path.limit, nowUs)) return REFUSED;
    if (images.readyUs[row] === NEVER) {
      const startUs = path.mode === 'serial' ? Math.max(nowUs, images.freeUs) : nowUs;
      const endUs = startUs + pullUs(this.bytes[row]!, path);
      images.readyUs[row] = endUs;
      images.freeUs = Math.max(images.freeUs, endUs);
    }
    return Math.max(nowUs, images.readyUs[row]!);
  }

  /** True for an image whose size is known: any other is taken as there already. */
  knows(image: string): boolean {
    return this.names.has(image);
  }

  /** One more task on the host has the image (by 1), or one less (by -1). */
  use(host: number, image: string, path: PullPath, by: 1 | -1, nowUs: number): void {
    if (image === '' || !this.isCollected(path)) return;
    const row = this.rowOf(image);
    const images = this.imagesOf(host, nowUs);
    this.collect(images, path, nowUs);
    images.users[row]! += by;
    images.lastUsedUs[row] = nowUs;
  }

  /** True when the image is there; for policies that look at it. */
  has(host: number, image: string, nowUs: number): boolean {
    const row = this.names.get(image);
    const images = this.hosts.get(host);
    return row !== undefined && images !== undefined && images.readyUs[row]! <= nowUs;
  }

  /** Images that the host held at `atUs`, the largest first, equals by name as they were stated. `atUs` is now, or shortly before. */
  heldAt(host: number, path: PullPath, atUs: number, nowUs: number): string[] {
    const images = this.hosts.get(host);
    if (images === undefined) return [];
    this.collect(images, path, nowUs);
    const { bytes } = this;
    return [...this.names]
      .filter(([, row]) => images.readyUs[row]! <= atUs)
      .sort(([, a], [, b]) => bytes[b]! - bytes[a]! || a - b)
      .map(([name]) => name);
  }

  /** When the host will hold others than at `afterUs` if nobody asks for any more, or NEVER. */
  nextChangeUs(host: number, path: PullPath, afterUs: number): number {
    const images = this.hosts.get(host);
    if (images === undefined) return NEVER;
    let nextUs = NEVER;
    for (const readyUs of images.readyUs) if (readyUs > afterUs) nextUs = Math.min(nextUs, readyUs);
    if (!this.isCollected(path)) return nextUs;
    // What is too young to go at one collection is old enough at the next.
    for (const atUs of [images.collectUs, images.collectUs + COLLECTION_PERIOD_US]) {
      const stored = this.storedAt(images, atUs);
      if (collectImages(stored, path.imageDiskBytes!, atUs).length > 0)
        return Math.min(nextUs, atUs);
    }
    return nextUs;
  }

  /** Bytes of the images on the host. */
  storedBytes(host: number, path: PullPath, nowUs: number): number {
    const images = this.hosts.get(host);
    if (images === undefined) return 0;
    this.collect(images, path, nowUs);
    return this.storedAt(images, nowUs).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Deletes every image that no task on the host has, whatever its age: its disk is under pressure (kubernetes.md 2.4). */
  reclaim(host: number, path: PullPath, nowUs: number): void {
    const images = this.hosts.get(host);
    if (images === undefined || !this.isCollected(path)) return;
    this.collect(images, path, nowUs);
    for (const { row, inUse } of this.storedAt(images, nowUs)) {
      if (!inUse) images.readyUs[row] = NEVER;
    }
  }

  /** The host is gone. */
  forget(host: number): void {
    this.hosts.delete(host);
  }

  save(): ImageCachesState {
    return { hosts: [...this.hosts].map(([host, images]) => [host, copied(images)]) };
  }

  restore(state: ImageCachesState): void {
    this.hosts.clear();
    for (const [host, images] of state.hosts) this.hosts.set(host, copied(images));
  }

  /** Collects what went at every period up to now. */
  private collect(images: HostImages, path: PullPath, nowUs: number): void {
    if (!this.isCollected(path)) return;
    for (; images.collectUs <= nowUs; images.collectUs += COLLECTION_PERIOD_US) {
      const stored = this.storedAt(images, images.collectUs);
      for (const row of collectImages(stored, path.imageDiskBytes!, images.collectUs)) {
        images.readyUs[row] = NEVER;
      }
    }
  }

  private storedAt({ readyUs, users, lastUsedUs }: HostImages, atUs: number): StoredImage[] {
    const stored: StoredImage[] = [];
    for (let row = 0; row < readyUs.length; row++) {
      if (readyUs[row]! > atUs) continue;
      stored.push({
        row,
        bytes: this.bytes[row]! * this.unpackedFactor,
        inUse: users[row]! > 0,
        sinceUs: readyUs[row]!,
        lastUsedUs: lastUsedUs[row]!,
      });
    }
    return stored;
  }

  private isCollected({ imageDiskBytes, isDiskShared = false }: PullPath): boolean {
    if (imageDiskBytes === undefined) return false;
    return isDiskShared || canFill(this.unpackedBytes, imageDiskBytes);
  }

  private rowOf(image: string): number {
    const row = this.names.get(image);
    assert(row !== undefined, () => `no image is called ${image}`);
    return row;
  }

  private imagesOf(host: number, nowUs: number): HostImages {
    let images = this.hosts.get(host);
    if (images === undefined) {
      images = {
        readyUs: new Float64Array(this.bytes.length).fill(NEVER),
        users: new Int32Array(this.bytes.length),
        lastUsedUs: new Float64Array(this.bytes.length),
        freeUs: 0,
        collectUs: nowUs + COLLECTION_PERIOD_US,
        tokens: Infinity,
        atUs: nowUs,
      };
      this.hosts.set(host, images);
    }
    return images;
  }
}

function copied(images: HostImages): HostImages {
  const { readyUs, users, lastUsedUs, ...rest } = images;
  return {
    ...rest,
    readyUs: readyUs.slice(),
    users: users.slice(),
    lastUsedUs: lastUsedUs.slice(),
  };
}

/** Length of one pull that nothing delays, rounded up to whole microseconds. */
export function pullUs(bytes: number, path: PullPath): number {
  const seconds = bytes / path.downloadBytesPerSecond + bytes / path.unpackBytesPerSecond;
  return path.roundTripsUs + Math.ceil(seconds * US_PER_SECOND);
}
