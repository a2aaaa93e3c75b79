import { describe, expect, it } from 'vitest';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { ImageCaches, pullUs } from '../../src/images/host-cache.ts';
import { containerStarts } from '../../src/runtime/container-start.ts';
import { launchLatency } from '../../src/cloud/launch-latency.ts';
import { pullPath } from '../../src/images/pull-path.ts';
import type { PullPath } from '../../src/images/pull-path.ts';

const S = 1_000_000;
const EXACT = new AssumedParameters({ 'latency.noise-sigma': 0 });

/** 1 s of round trips, 100 B/s down, 50 B/s unpacked. */
const path = (mode: PullPath['mode']): PullPath => ({
  mode,
  downloadBytesPerSecond: 100,
  unpackBytesPerSecond: 50,
  roundTripsUs: S,
});
const caches = (): ImageCaches => new ImageCaches({ api: 200, web: 100 });
const API = 7 * S; // 1 + 200 / 100 + 200 / 50
const WEB = 4 * S; // 1 + 100 / 100 + 100 / 50

describe('the images of a host', () => {
  it('takes the round trips, the download and the unpacking one after the other (aws.md 5.5)', () => {
    expect(caches().pullEndUs(0, 'api', path('parallel'), 10 * S)).toBe(10 * S + API);
  });

  it('has a pulled image at once, on that host only', () => {
    const images = caches();
    images.pullEndUs(0, 'api', path('parallel'), 0);
    expect(images.has(0, 'api', API - 1)).toBe(false);
    expect(images.has(0, 'api', API)).toBe(true);
    expect(images.pullEndUs(0, 'api', path('parallel'), 100 * S)).toBe(100 * S);
    expect(images.pullEndUs(1, 'api', path('parallel'), 100 * S)).toBe(100 * S + API);
  });

  it('waits for a pull under way instead of starting another', () => {
    const images = caches();
    images.pullEndUs(0, 'api', path('serial'), 0);
    expect(images.pullEndUs(0, 'api', path('serial'), 5 * S)).toBe(API);
  });

  it('pulls one image after the other when serial, side by side when parallel (kubernetes.md 2.2, 2.3)', () => {
    const serial = caches();
    serial.pullEndUs(0, 'api', path('serial'), 0);
    expect(serial.pullEndUs(0, 'web', path('serial'), S)).toBe(API + WEB);
    const parallel = caches();
    parallel.pullEndUs(0, 'api', path('parallel'), 0);
    expect(parallel.pullEndUs(0, 'web', path('parallel'), S)).toBe(S + WEB);
  });

  it('pulls nothing for a task without an image', () => {
    expect(caches().pullEndUs(0, '', path('serial'), 3)).toBe(3);
    expect(() => caches().pullEndUs(0, 'nginx', path('serial'), 3)).toThrow('no image is called');
  });

  it('forgets a host that is gone', () => {
    const images = caches();
    images.pullEndUs(0, 'api', path('serial'), 0);
    images.forget(0);
    expect(images.has(0, 'api', 100 * S)).toBe(false);
    expect(images.save().hosts).toEqual([]);
  });

  it('goes on alike from a saved state', () => {
    const images = caches();
    images.pullEndUs(3, 'api', path('serial'), 0);
    const copy = caches();
    copy.restore(images.save());
    images.forget(3);
    expect(copy.pullEndUs(3, 'web', path('serial'), S)).toBe(API + WEB);
    expect(copy.pullEndUs(3, 'api', path('serial'), S)).toBe(API);
  });
});

describe('image pulls as measured', () => {
  it('starts a 413 MB image on Fargate in 57 s (aws.md 4.5)', () => {
    const launchUs = launchLatency('fargate-ecs', EXACT, 1, 0).readyUs;
    const images = new ImageCaches({ app: 413e6 });
    const pulledUs = images.pullEndUs(0, 'app', pullPath('fargate', 'parallel', EXACT), launchUs);
    // 28 + 0.09 + 413 / 26 + 413 / 37 + 2 = 57.14
    const startedUs = pulledUs + containerStarts(EXACT, 1).us(0);
    expect(startedUs / S).toBeCloseTo(57.14, 2);
  });

  it('lies in the measured 53-62 s for nine of ten noisy launches (aws.md 4.5)', () => {
    const noisy = new AssumedParameters();
    const pulledAfterUs = pullUs(413e6, pullPath('fargate', 'parallel', noisy));
    const inside = Array.from({ length: 1000 }, (_, i) => {
      const readyUs = launchLatency('fargate-ecs', noisy, 42, i).readyUs;
      const seconds = (readyUs + pulledAfterUs + containerStarts(noisy, 42).us(i)) / S;
      return seconds >= 53 && seconds <= 62;
    }).filter(Boolean).length;
    expect(inside).toBeGreaterThan(900);
  });

  it('brings 1.13 GB to an EC2 host in 29-41 s (aws.md 5.5)', () => {
    // 0.09 + 1130 / 240 + 1130 / 37 = 35.3
    expect(pullUs(1.13e9, pullPath('ec2', 'parallel', EXACT)) / S).toBeCloseTo(35.34, 2);
  });
});
