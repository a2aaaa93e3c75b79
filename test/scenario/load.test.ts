import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  GIB,
  MIB,
  NEVER,
  TICKS_PER_CORE,
  US_PER_HOUR,
  US_PER_MINUTE,
} from '../../src/base/units.ts';
import { inputFilesOf } from '../../src/scenario/input-files.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { KNOWN_POLICIES } from './known-policies.ts';

const FILE = 'shop-on-every-launch-type.yaml';
const TEXT = readFileSync(new URL(`./good/${FILE}`, import.meta.url), 'utf8');
const shop = loadScenario(TEXT, FILE, { knownPolicies: KNOWN_POLICIES });

function variant(name: string) {
  return shop.variants.find((one) => one.name === name)!;
}

/** The smallest scenario; `more` is added at the top, `inVariant` to its only variant. */
function small(more = '', inVariant = ''): string {
  return `
name: small
seed: 1
duration: 1h
${more}
workload:
  - jobs: { name: nightly, arrivals: { every: 1m }, cpu: 1, memory: 1GiB, duration: 5m }
variants:
  only:
    orchestrator: kubernetes
    pools: { work: { karpenter: {} } }
${inVariant}`;
}

describe('a scenario file', () => {
  it('keeps the order of its variants and takes the baseline it names', () => {
    expect(shop.variants.map((one) => one.name)).toEqual([
      'ecs-ec2-asg',
      'eks-autoscaler',
      'eks-karpenter',
      'ecs-fargate',
      'hybrid',
      'batch',
    ]);
    expect(shop).toMatchObject({ seed: '42', replications: 10, baseline: 'ecs-ec2-asg' });
    expect(shop.expectations).toHaveLength(2);
  });

  it('hands out values in model units', () => {
    const { scenario } = variant('ecs-ec2-asg');
    expect(scenario.durationUs).toBe(24 * US_PER_HOUR);
    expect(scenario.images).toEqual({ api: { sizeBytes: 412e6, layers: 9 } });
    const [api, nightly] = scenario.workload;
    expect(api).toMatchObject({
      kind: 'service',
      cpuTicks: TICKS_PER_CORE / 2,
      memoryBytes: GIB,
      replicas: { min: 2, max: 40, initial: 2 },
      traffic: { kind: 'daily', peakPerSecond: 1800 },
      cpuPerRequestUs: 5_000,
      scaling: { targetFraction: 0.6 },
    });
    expect(nightly).toMatchObject({
      kind: 'jobs',
      cpuTicks: { kind: 'constant', value: 2 * TICKS_PER_CORE },
      arrivals: { kind: 'poisson', ratePerSecond: 4 / 60 },
      durationUs: { kind: 'lognormal', median: 6 * US_PER_MINUTE, p95: 40 * US_PER_MINUTE },
      workUs: null,
    });
  });

  it('samples 288 times a run unless it says otherwise, in whole seconds', () => {
    // 24 h / 288 = 300 s; 1 h / 288 = 12.5 s, rounded up.
    expect(variant('ecs-ec2-asg').scenario.samplingUs).toBe(300e6);
    expect(loadScenario(small(), 'x').variants[0]!.scenario.samplingUs).toBe(13e6);
  });

  it('calls a flat cluster main, and sends what is not placed to the first cluster', () => {
    expect(variant('batch').clusters.map((one) => one.name)).toEqual(['main']);
    expect(variant('hybrid').clusters.map((one) => one.name)).toEqual(['plant', 'cloud']);
    expect(variant('hybrid').place).toEqual({ nightly: 'plant', api: 'cloud' });
  });

  it('fills in what each orchestrator does when nothing is said', () => {
    expect(variant('ecs-fargate').clusters[0]).toMatchObject({
      orchestrator: 'ecs',
      placement: [], // services spread, standalone tasks are drawn: decided where policies are known
      strategy: [
        { pool: 'od', base: 4, weight: 1 },
        { pool: 'spot', base: 0, weight: 3 },
      ],
    });
    expect(variant('eks-karpenter').clusters[0]).toMatchObject({
      distribution: 'eks',
      placement: { name: 'least-allocated-balanced', parameters: {} },
      clusterAutoscaler: undefined,
    });
    expect(variant('batch').clusters[0]).toMatchObject({ queue: { name: 'fcfs', parameters: {} } });
  });

  it('names pools in their order, one kind each', () => {
    const [racks, burst] = variant('hybrid').clusters[0]!.pools;
    expect(racks).toMatchObject({
      name: 'racks',
      kind: 'external',
      costPerHourNanoUsd: 610_000_000,
      hosts: { kind: 'equal', count: 24, cpuTicks: 32 * TICKS_PER_CORE, memoryBytes: 128 * GIB },
    });
    expect(burst).toMatchObject({ name: 'burst', kind: 'fargate' });
    expect(variant('ecs-ec2-asg').clusters[0]!.pools[0]).toMatchObject({
      kind: 'asg',
      initial: 2,
      managedScaling: { targetCapacity: 90, warmupUs: 300e6 },
    });
  });

  it('lets Karpenter choose among c, m and r when nothing else chooses', () => {
    const pool = loadScenario(small(), 'x').variants[0]!.clusters[0]!.pools[0]!;
    expect(pool).toMatchObject({
      categories: ['c', 'm', 'r'],
      expireAfterUs: 720 * US_PER_HOUR,
      limits: { cpuTicks: Infinity, memoryBytes: Infinity },
    });
    const never = small().replace(
      'karpenter: {}',
      'karpenter: { families: [m6i], expireAfter: Never }',
    );
    expect(loadScenario(never, 'x').variants[0]!.clusters[0]!.pools[0]).toMatchObject({
      categories: [],
      families: ['m6i'],
      expireAfterUs: NEVER,
    });
  });

  it('merges maps of a variant by key and replaces the rest', () => {
    const text = small(
      'images: { api: { size: 1GB, layers: 3 }, web: { size: 2GB } }\nzones: [a, b]',
      '    images: { api: { size: 500MB } }\n    zones: [c]\n',
    );
    const { scenario } = loadScenario(text, 'x').variants[0]!;
    expect(scenario.images).toEqual({
      api: { sizeBytes: 500e6, layers: 3 },
      web: { sizeBytes: 2e9, layers: 1 },
    });
    expect(scenario.zones).toEqual(['c']);
  });

  it('follows anchors', () => {
    const text = small().replace(
      'pools: { work: { karpenter: {} } }',
      'pools: &same { work: { karpenter: {} } }\n  again:\n    orchestrator: kubernetes\n    pools: *same',
    );
    const { variants } = loadScenario(text, 'x');
    expect(variants[1]!.clusters[0]!.pools).toEqual(variants[0]!.clusters[0]!.pools);
  });

  it('gives the same experiment when its resolved form is loaded again', () => {
    const again = loadScenario(JSON.stringify(shop.resolved), FILE);
    expect(again).toEqual(shop);
  });

  it('lists each file that it names once for each use', () => {
    expect(inputFilesOf(shop)).toEqual([
      { path: 'data:swf-logs/SDSC-SP2-1998-4.2-cln.swf.gz', use: 'trace' },
      { path: './k8s/', use: 'manifests' },
      { path: './nodepool.yaml', use: 'node-pools' },
    ]);
  });

  it('reads a fraction of a GPU, whole GPUs, and a Zipf law in units', () => {
    const text = small().replace(
      'memory: 1GiB,',
      'memory: { zipf: { n: 3, exponent: 1, unit: 256MiB } }, gpu: 0.5,',
    );
    const [jobs] = loadScenario(text, 'x').variants[0]!.scenario.workload;
    expect(jobs).toMatchObject({ gpuCount: 1, gpuMilli: 500 });
    expect(jobs).toMatchObject({
      memoryBytes: { kind: 'empirical', values: [256 * MIB, 512 * MIB, 768 * MIB] },
    });
    const { weights } = (jobs as unknown as { memoryBytes: { weights: number[] } }).memoryBytes;
    expect(weights[1]).toBeCloseTo(1 / 2, 12);
  });
});
