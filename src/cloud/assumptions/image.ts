import type { Assumption } from './assumption.ts';

/**
 * How fast an image arrives and a container starts, with download and unpacking one after the other.
 *
 * Calibration  Fargate, 413 MB: 28 s of launch + 413/26 + 413/37 = 27 s + 2 s start = 57 s, as measured (aws.md 4.5).
 *              EC2, 1.13 GB: 1130/240 + 1130/37 = 35 s, inside the measured 29-41 s (aws.md 5.5).
 */
export const IMAGE_ASSUMPTIONS = [
  {
    name: 'pull.ec2-bytes-per-s',
    default: 240000000,
    low: 180000000,
    high: 300000000,
    unit: 'B/s',
    source: 'aws.md 5.5: 3 streams of 60-100 MB/s',
    meaning: 'Download of one image to an EC2 host, before its network share caps it',
  },
  {
    name: 'pull.stream-bytes-per-s',
    default: 80000000,
    low: 60000000,
    high: 100000000,
    unit: 'B/s',
    source: 'aws.md 5.5, assumption',
    meaning: 'Download of one layer over one stream',
  },
  {
    name: 'pull.fargate-bytes-per-s',
    default: 26000000,
    low: 18000000,
    high: 60000000,
    unit: 'B/s',
    source: 'calibrated to the 57 s of aws.md 4.5',
    meaning: 'Download of one image to a Fargate micro-VM',
  },
  {
    name: 'pull.external-bytes-per-s',
    default: 100000000,
    low: 10000000,
    high: 240000000,
    unit: 'B/s',
    source: 'no source; an uplink of 1 Gbit/s less overhead',
    meaning: 'Download of one image to a host outside the cloud',
  },
  {
    name: 'pull.unpack-bytes-per-s',
    default: 37000000,
    low: 30000000,
    high: 120000000,
    unit: 'B/s',
    source: 'calibrated to aws.md 4.5 and 5.5',
    meaning: 'Unpacking, in compressed bytes',
  },
  {
    name: 'pull.round-trips-s',
    default: 0.09,
    low: 0.06,
    high: 0.12,
    unit: 's',
    source: 'aws.md 5.5: 2-4 round trips of 30 ms',
    meaning: 'Manifest and authorisation before the first byte',
  },
  {
    name: 'container.stop-s',
    default: 1,
    low: 0,
    high: 30,
    unit: 's',
    source:
      'assumption; the ceiling is the default stopTimeout and grace period of 30 s (aws.md 3.2)',
    meaning: 'From being asked to stop to the process gone, without a load balancer to leave',
  },
  {
    name: 'container.start-s',
    default: 2,
    low: 1,
    high: 3,
    unit: 's',
    source: 'aws.md 9, assumption',
    meaning: 'Sandbox and container, from image present to process running',
  },
  {
    name: 'registry.docker-hub-anonymous-pulls',
    default: 100,
    low: 100,
    high: 100,
    unit: 'pulls per 6 h',
    source: 'aws.md 5.4, third party',
    meaning: 'Docker Hub pulls allowed for one address without an account',
  },
  {
    name: 'registry.docker-hub-free-pulls',
    default: 200,
    low: 200,
    high: 200,
    unit: 'pulls per 6 h',
    source: 'aws.md 5.4, third party',
    meaning: 'Docker Hub pulls allowed for a free account',
  },
] as const satisfies readonly Assumption[];
