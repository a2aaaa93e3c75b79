import { describe, expect, it } from 'vitest';
import { MIB } from '../../src/base/units.ts';
import { ecsRegistered, kubeReservedCpuMilli, podsFromEnis } from '../../src/cloud/allocatable.ts';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { findInstanceType } from '../../src/cloud/catalogue.ts';

describe('what an EKS node keeps back', () => {
  it('reserves less of each further core', () => {
    const published = [
      [1, 60],
      [2, 70],
      [4, 80],
      [8, 90],
      [16, 110],
      [32, 150],
      [48, 190],
      [64, 230],
      [96, 310],
      [128, 390],
      [192, 550],
    ] as const;
    for (const [cores, milli] of published) expect(kubeReservedCpuMilli(cores)).toBe(milli);
  });

  it('has one pod fewer for each address of an interface kept back', () => {
    const m5 = findInstanceType('m5.large')!;
    expect(podsFromEnis(m5)).toBe(29); // 3 * 9 + 2
    expect(podsFromEnis(m5, 1)).toBe(20); // 2 * 9 + 2
    expect(podsFromEnis(findInstanceType('t3.micro')!)).toBe(4); // 2 * 1 + 2
    expect(podsFromEnis(findInstanceType('p4d.24xlarge')!)).toBe(737); // 15 * 49 + 2
  });
});

describe('what an ECS container instance registers', () => {
  it('is all of its CPU, and its memory as the operating system sees it less what is reserved', () => {
    // floor(0.975 * 8192) = 7987 MiB; the documented m4.large shows 7985
    const m5 = findInstanceType('m5.large')!;
    expect(ecsRegistered(m5, 0, new AssumedParameters())).toEqual({
      cpuTicks: 2048 * 125,
      memoryBytes: 7987 * MIB,
    });
    const kept = ecsRegistered(m5, 256 * MIB, new AssumedParameters());
    expect(kept.memoryBytes).toBe(7731 * MIB);
  });

  it('follows the assumed factor, and never falls below nothing', () => {
    const m5 = findInstanceType('m5.large')!;
    const all = new AssumedParameters({ 'ecs.registered-memory-factor': 1 });
    expect(ecsRegistered(m5, 0, all).memoryBytes).toBe(8192 * MIB);
    expect(ecsRegistered(m5, 9000 * MIB, all).memoryBytes).toBe(0);
  });
});
