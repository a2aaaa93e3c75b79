import { describe, expect, it } from 'vitest';
import { ImageCaches, REFUSED } from '../../src/images/host-cache.ts';
import { KUBELET_PULL_LIMIT, pullRetryUs } from '../../src/images/pull-limit.ts';
import { collectImages } from '../../src/images/image-collection.ts';
import type { StoredImage } from '../../src/images/image-collection.ts';

const S = 1_000_000;
const MINUTE = 60 * S;

function stored(row: number, bytes: number, parts: Partial<StoredImage> = {}): StoredImage {
  return { row, bytes, inUse: false, sinceUs: 0, lastUsedUs: 0, ...parts };
}

describe('the collection of images (kubernetes.md 2.4)', () => {
  const now = 60 * MINUTE;

  it('begins at 85 % of the disk', () => {
    expect(collectImages([stored(0, 84)], 100, now)).toEqual([]);
    expect(collectImages([stored(0, 85)], 100, now)).toEqual([0]);
  });

  it('frees down to 80 %, those used longest ago first', () => {
    // 90 used: 100 x 20 % - 10 free = 10 to free
    const images = [
      stored(0, 40, { lastUsedUs: 3 }),
      stored(1, 6, { lastUsedUs: 1 }),
      stored(2, 6, { lastUsedUs: 2 }),
      stored(3, 38, { lastUsedUs: 4 }),
    ];
    expect(collectImages(images, 100, now)).toEqual([1, 2]);
  });

  it('spares what is in use and what came less than 2 minutes ago', () => {
    const images = [
      stored(0, 50, { inUse: true }),
      stored(1, 40, { sinceUs: now - 2 * MINUTE + 1 }),
      stored(2, 5, { sinceUs: now - 2 * MINUTE, lastUsedUs: 9 }),
    ];
    expect(collectImages(images, 100, now)).toEqual([2]);
  });
});

describe('the images of a host with a disk for them', () => {
  const path = {
    mode: 'parallel',
    downloadBytesPerSecond: 100,
    unpackBytesPerSecond: 100,
    roundTripsUs: 0,
    imageDiskBytes: 1_000,
  } as const;

  it('are looked through every 5 minutes, and pulled again when they are needed again', () => {
    const images = new ImageCaches({ old: 500, young: 400 });
    images.use(0, 'old', path, 1, 0);
    expect(images.pullEndUs(0, 'old', path, 0)).toBe(10 * S);
    images.use(0, 'old', path, -1, 60 * S);
    images.use(0, 'young', path, 1, 60 * S);
    expect(images.pullEndUs(0, 'young', path, 60 * S)).toBe(68 * S);
    // 900 of 1000 in use; at 300 s the old one is unused and goes.
    expect(images.pullEndUs(0, 'old', path, 299 * S)).toBe(299 * S);
    expect(images.pullEndUs(0, 'old', path, 300 * S)).toBe(310 * S);
  });

  it('stay when a task still has them', () => {
    const images = new ImageCaches({ old: 500, young: 400 });
    for (const image of ['old', 'young']) {
      images.use(0, image, path, 1, 0);
      images.pullEndUs(0, image, path, 0);
    }
    expect(images.pullEndUs(0, 'old', path, 900 * S)).toBe(900 * S);
  });

  it('go on alike from a saved state', () => {
    const images = new ImageCaches({ old: 500, young: 400 });
    images.use(0, 'old', path, 1, 0);
    images.pullEndUs(0, 'old', path, 0);
    const copy = new ImageCaches({ old: 500, young: 400 });
    copy.restore(structuredClone(images.save()));
    expect(copy.pullEndUs(0, 'old', path, 900 * S)).toBe(900 * S);
    expect(copy.save()).toEqual((images.pullEndUs(0, 'old', path, 900 * S), images.save()));
  });
});

describe('a kubelet that pulls (kubernetes.md 2.3)', () => {
  const path = {
    mode: 'parallel',
    downloadBytesPerSecond: 1,
    unpackBytesPerSecond: 1,
    roundTripsUs: 0,
    limit: KUBELET_PULL_LIMIT,
  } as const;

  it('may ask the registry 10 times at once and 5 times a second', () => {
    const images = new ImageCaches({ app: 500 });
    const refused = (nowUs: number, times: number) =>
      Array.from({ length: times }, () => images.pullEndUs(0, 'app', path, nowUs)).filter(
        (endUs) => endUs === REFUSED,
      ).length;
    expect(refused(0, 12)).toBe(2);
    expect(refused(S, 6)).toBe(1);
  });

  it('asks nobody for an image that is there', () => {
    const images = new ImageCaches({ app: 1 });
    images.pullEndUs(0, 'app', path, 0);
    for (let i = 0; i < 20; i++) expect(images.pullEndUs(0, 'app', path, 9 * S)).toBe(9 * S);
  });

  it('tries again after 10, 20, 40 ... at most 300 s', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((n) => pullRetryUs(n) / S)).toEqual([
      10, 20, 40, 80, 160, 300, 300,
    ]);
  });
});
