/**
 * When an image is there: pulled once a host, then cached for as long as the host lives.
 *
 *     pull = round trips + bytes / download rate + bytes / unpack rate       (bytes compressed)
 *
 * Waiting    an image that is being pulled already is waited for, not pulled twice.
 * Modes      serial: one pull after the other on a host (kubelet's own default, kubernetes.md 2.3);
 *            parallel: side by side (ECS agent, aws.md 3.5; EKS nodes, kubernetes.md 2.2).
 * Fargate    caches nothing (aws.md 4.3): each micro-VM is a new host, so nothing special is done.
 * Check      aws.md 4.5: 413 MB on Fargate, 28 s of launch + 27 s of pull + 2 s of start = 57 s.
 * Departs    an image is one blob: layers shared between images are fetched again; layers neither overlap download with
 *            unpacking (the rates are calibrated to that). Parallel pulls do not slow each other and the instance's own
 *            network does not cap them (it bursts, aws.md 2.3). Pulls never fail; disks never fill, nothing is collected.
 * State      flat: per host the time from which each image is there.
 */

import { assert } from '../base/assert.ts';
import { NEVER, US_PER_SECOND } from '../base/units.ts';
import type { PullPath } from './pull-path.ts';

export interface ImageCachesState {
  readonly hosts: readonly number[];
  readonly freeUs: readonly number[];
  readonly readyUs: readonly Float64Array[];
}

interface HostImages {
  /** By image: the time from which it is there; NEVER while nobody asked for it. */
  readonly readyUs: Float64Array;
  /** End of the last pull. */
  freeUs: number;
}

export class ImageCaches {
  private readonly names: ReadonlyMap<string, number>;
  private readonly bytes: readonly number[];
  private readonly hosts = new Map<number, HostImages>();

  /** Compressed bytes of each image, by name. */
  constructor(imageBytes: Readonly<Record<string, number>>) {
    this.names = new Map(Object.keys(imageBytes).map((name, row) => [name, row]));
    this.bytes = Object.values(imageBytes);
  }

  /** Time at which the host has the image, `nowUs` when it has it already; starts the pull when nobody has. '' is no image. */
  pullEndUs(host: number, image: string, path: PullPath, nowUs: number): number {
    if (image === '') return nowUs;
    const row = this.names.get(image);
    assert(row !== undefined, () => `no image is called ${image}`);
    const images = this.imagesOf(host);
    if (images.readyUs[row] === NEVER) {
      const startUs = path.mode === 'serial' ? Math.max(nowUs, images.freeUs) : nowUs;
      const endUs = startUs + pullUs(this.bytes[row]!, path);
      images.readyUs[row] = endUs;
      images.freeUs = Math.max(images.freeUs, endUs);
    }
    return Math.max(nowUs, images.readyUs[row]!);
  }

  /** True when the image is there; for policies that look at it. */
  has(host: number, image: string, nowUs: number): boolean {
    const row = this.names.get(image);
    const images = this.hosts.get(host);
    return row !== undefined && images !== undefined && images.readyUs[row]! <= nowUs;
  }

  /** The host is gone. */
  forget(host: number): void {
    this.hosts.delete(host);
  }

  save(): ImageCachesState {
    const images = [...this.hosts.values()];
    return {
      hosts: [...this.hosts.keys()],
      freeUs: images.map(({ freeUs }) => freeUs),
      readyUs: images.map(({ readyUs }) => readyUs.slice()),
    };
  }

  restore(state: ImageCachesState): void {
    this.hosts.clear();
    for (const [i, host] of state.hosts.entries()) {
      this.hosts.set(host, { readyUs: state.readyUs[i]!.slice(), freeUs: state.freeUs[i]! });
    }
  }

  private imagesOf(host: number): HostImages {
    let images = this.hosts.get(host);
    if (images === undefined) {
      images = { readyUs: new Float64Array(this.bytes.length).fill(NEVER), freeUs: 0 };
      this.hosts.set(host, images);
    }
    return images;
  }
}

/** Length of one pull that nothing delays, rounded up to whole microseconds. */
export function pullUs(bytes: number, path: PullPath): number {
  const seconds = bytes / path.downloadBytesPerSecond + bytes / path.unpackBytesPerSecond;
  return path.roundTripsUs + Math.ceil(seconds * US_PER_SECOND);
}
