/**
 * The kubelet's collection of images (kubernetes.md 2.4), every 5 minutes:
 *
 *     usage = 100 - (free x 100 div capacity); from 85 it frees capacity x 20 % - free, which leaves 80 % in use
 *
 * Goes       images that no pod on the node has, those used longest ago first, then those there longest; none that came less
 *            than 2 minutes ago.
 * Departs    the last use is the very moment at which the last pod with it left, where the kubelet knows it to 5 minutes; it sees
 *            nothing but images on the disk. What pressure does to them is in simulation/host-disk.ts.
 */

import { US_PER_MINUTE } from '../base/units.ts';

export const COLLECTION_PERIOD_US = 5 * US_PER_MINUTE;
const HIGH_PERCENT = 85;
const LOW_PERCENT = 80;
const MIN_AGE_US = 2 * US_PER_MINUTE;

export interface StoredImage {
  readonly row: number;
  readonly bytes: number;
  readonly inUse: boolean;
  readonly sinceUs: number;
  readonly lastUsedUs: number;
}

/** Rows of the images that go. */
export function collectImages(
  images: readonly StoredImage[],
  capacityBytes: number,
  nowUs: number,
): number[] {
  const freeBytes = capacityBytes - images.reduce((sum, { bytes }) => sum + bytes, 0);
  const usage = 100 - Math.floor((Math.max(0, freeBytes) * 100) / capacityBytes);
  if (usage < HIGH_PERCENT) return [];
  let missing = Math.floor((capacityBytes * (100 - LOW_PERCENT)) / 100) - freeBytes;
  const gone: number[] = [];
  const candidates = images
    .filter(({ inUse, sinceUs }) => !inUse && nowUs - sinceUs >= MIN_AGE_US)
    .sort((a, b) => a.lastUsedUs - b.lastUsedUs || a.sinceUs - b.sinceUs);
  for (const { row, bytes } of candidates) {
    if (missing <= 0) break;
    gone.push(row);
    missing -= bytes;
  }
  return gone;
}

/** False when these images can never fill so much of the disk that one goes. */
export function canFill(allBytes: number, capacityBytes: number): boolean {
  return allBytes * 100 > capacityBytes * (HIGH_PERCENT - 1);
}
