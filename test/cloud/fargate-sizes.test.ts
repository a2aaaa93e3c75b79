import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GIB, MIB, TICKS_PER_CORE, US_PER_SECOND } from '../../src/base/units.ts';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { billedUs, lineMicroUsd } from '../../src/cloud/billing.ts';
import {
  FARGATE_SIZES,
  fargateSizeFor,
  isExactFargateSize,
} from '../../src/cloud/fargate-sizes.ts';
import type { FargateOrchestrator } from '../../src/cloud/fargate-sizes.ts';
import { fargateNanoUsdPerHour } from '../../src/cloud/prices.ts';

/** [vCPU, GB] of the size sold for a demand in vCPU and GB. */
function sold(vcpu: number, gb: number, orchestrator: FargateOrchestrator): number[] | undefined {
  const size = fargateSizeFor(vcpu * TICKS_PER_CORE, gb * GIB, { orchestrator });
  return size && [size.cpuTicks / TICKS_PER_CORE, size.memoryBytes / GIB];
}

describe('the size of a Fargate pod', () => {
  it('pitfall 14.15, worked value 10.3.1: is rounded up after 256 MB for the kubelet', () => {
    expect(sold(0.25, 0.5, 'kubernetes')).toEqual([0.25, 1]); // 0.75 GB
    expect(sold(1, 8, 'kubernetes')).toEqual([2, 9]); // 8.25 GB is over the 8 of 1 vCPU
    expect(sold(3, 10, 'kubernetes')).toEqual([4, 11]); // 10.25 GB
    expect(sold(0, 0, 'kubernetes')).toEqual([0.25, 0.5]); // 0.25 GB fits
  });

  it('ends at 16 vCPU on EKS and at 32 on ECS', () => {
    expect(sold(17, 32, 'kubernetes')).toBeUndefined();
    expect(sold(17, 32, 'ecs')).toEqual([32, 60]);
    expect(sold(16, 119.75, 'kubernetes')).toEqual([16, 120]);
    expect(sold(16, 120, 'kubernetes')).toBeUndefined();
    expect(sold(32, 245, 'ecs')).toBeUndefined();
  });
});

describe('the size of a Fargate task', () => {
  it('is the smallest row that holds the demand, with nothing added', () => {
    expect(sold(0.5, 1, 'ecs')).toEqual([0.5, 1]);
    expect(sold(1, 8, 'ecs')).toEqual([1, 8]);
    expect(sold(0.25, 2.5, 'ecs')).toEqual([0.5, 3]);
    expect(sold(5, 17, 'ecs')).toEqual([8, 20]);
  });

  it('is exact only when it is a row', () => {
    expect(isExactFargateSize(256 * 125, 512 * MIB)).toBe(true);
    expect(isExactFargateSize(256 * 125, 600 * MIB)).toBe(false);
    expect(isExactFargateSize(8192 * 125, 18 * GIB)).toBe(false);
  });

  it('has 3 + 4 + 7 + 13 + 23 + 12 + 12 + 3 rows, by vCPU, then memory', () => {
    expect(FARGATE_SIZES.length).toBe(77);
    for (let i = 1; i < FARGATE_SIZES.length; i++) {
      const [a, b] = [FARGATE_SIZES[i - 1]!, FARGATE_SIZES[i]!];
      expect(
        a.cpuTicks < b.cpuTicks || (a.cpuTicks === b.cpuTicks && a.memoryBytes < b.memoryBytes),
      ).toBe(true);
    }
  });

  it('holds the demand, and the row before in the same vCPU does not', () => {
    fc.assert(
      fc.property(fc.nat(32_768), fc.nat(250_000), (units, mib) => {
        const size = fargateSizeFor(units * 125, mib * MIB, { orchestrator: 'ecs' });
        if (size === undefined) return;
        expect(size.cpuTicks >= units * 125 && size.memoryBytes >= mib * MIB).toBe(true);
        const before = FARGATE_SIZES[FARGATE_SIZES.indexOf(size) - 1];
        expect(before?.cpuTicks === size.cpuTicks && before.memoryBytes >= mib * MIB).toBe(false);
      }),
      { seed: 42, numRuns: 500 },
    );
  });
});

describe('the price of a Fargate size', () => {
  const parameters = new AssumedParameters();
  const price = (
    vcpu: number,
    gb: number,
    arch: 'amd64' | 'arm64' = 'amd64',
    capacityType: 'on-demand' | 'spot' = 'on-demand',
    region = 'us-east-1',
  ): number | null =>
    fargateNanoUsdPerHour(
      { cpuTicks: vcpu * TICKS_PER_CORE, memoryBytes: gb * GIB },
      { arch, os: 'linux', capacityType, region },
      parameters,
    );

  it('is $0.04937 an hour for 1 vCPU and 2 GB', () => {
    expect(price(1, 2)).toBe(49_370_000); // 0.04048 + 2 * 0.004445
    expect(price(1, 2, 'arm64')).toBe(39_500_000); // 0.03238 + 2 * 0.00356
    expect(price(1, 2, 'amd64', 'spot')).toBe(14_811_000); // 30 %
    expect(price(1, 2, 'amd64', 'on-demand', 'eu-west-1')).toBe(55_047_550); // * 1.115
    expect(price(1, 2, 'amd64', 'on-demand', 'us-gov-west-1')).toBeNull();
  });

  it('pitfall 14.15, worked value 10.3.2: makes 30 s of 0.25 vCPU and 0.5 GB cost $0.000206', () => {
    // (0.01012 + 0.0022225) / 60, a minute being the least
    const billed = billedUs(0, 30 * US_PER_SECOND);
    expect(lineMicroUsd(billed, price(0.25, 0.5)!)).toBe(206);
  });
});
