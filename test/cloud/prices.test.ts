import { describe, expect, it } from 'vitest';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { findInstanceType } from '../../src/cloud/catalogue.ts';
import {
  ebsNanoUsdPerHour,
  listPriceNanoUsd,
  managedFeeNanoUsdPerHour,
  onDemandNanoUsdPerHour,
  spotNanoUsdPerHour,
} from '../../src/cloud/prices.ts';

const m5 = findInstanceType('m5.large')!;
const g5 = findInstanceType('g5.xlarge')!;
const p5e = findInstanceType('p5e.48xlarge')!;

describe('the on-demand price', () => {
  it('is exact in the three regions that publish it, and uses no assumption there', () => {
    const parameters = new AssumedParameters();
    expect(onDemandNanoUsdPerHour(m5, 'us-east-1', parameters)).toBe(96_000_000);
    expect(onDemandNanoUsdPerHour(m5, 'us-gov-west-1', parameters)).toBe(121_000_000);
    expect(parameters.used()).toEqual([]);
  });

  it('is a labelled multiple of us-east-1 elsewhere', () => {
    const parameters = new AssumedParameters({ 'price.factor.sa-east-1': 1.5 });
    expect(onDemandNanoUsdPerHour(m5, 'eu-west-1', parameters)).toBe(107_040_000); // 0.096 * 1.115
    expect(onDemandNanoUsdPerHour(m5, 'sa-east-1', parameters)).toBe(144_000_000);
    expect(parameters.used()).toEqual(['price.factor.eu-west-1', 'price.factor.sa-east-1']);
  });

  it('is unknown, not 0, for types and regions without one', () => {
    const parameters = new AssumedParameters();
    expect(onDemandNanoUsdPerHour(p5e, 'us-east-1', parameters)).toBeNull();
    expect(onDemandNanoUsdPerHour(p5e, 'us-west-2', parameters)).toBeNull();
    expect(onDemandNanoUsdPerHour(g5, 'us-gov-west-1', parameters)).toBeNull();
    expect(onDemandNanoUsdPerHour(m5, 'mars-north-1', parameters)).toBeNull();
    expect(onDemandNanoUsdPerHour(m5, 'toString', parameters)).toBeNull();
  });
});

describe('the spot price', () => {
  it('is on-demand less the published saving', () => {
    const parameters = new AssumedParameters();
    // 0.096 * (1 - 0.66)
    expect(spotNanoUsdPerHour(m5, 'us-east-1', parameters)).toBe(32_640_000);
    expect(spotNanoUsdPerHour(m5, 'us-gov-west-1', parameters)).toBeNull();
    expect(spotNanoUsdPerHour(p5e, 'us-east-1', parameters)).toBeNull();
  });
});

describe('fees and flat prices', () => {
  const parameters = new AssumedParameters();

  it('take 12 % of on-demand for Auto Mode, less for GPU types', () => {
    const fee = (name: string): number | null =>
      managedFeeNanoUsdPerHour('auto-mode', findInstanceType(name)!, 'us-east-1', parameters);
    expect(fee('c6a.2xlarge')).toBe(36_720_000); // 0.306 * 0.12 = 0.03672
    expect(fee('g5.xlarge')).toBe(78_468_000); // 1.006 * 0.12 * 0.65
    expect(fee('p4d.24xlarge')).toBe(1_053_966_816); // 21.957642 * 0.12 * 0.4
    expect(fee('p5e.48xlarge')).toBeNull();
  });

  it('come from the register', () => {
    expect(listPriceNanoUsd('price.eks-cluster-standard-usd', parameters)).toBe(100_000_000);
    expect(listPriceNanoUsd('price.ecs-anywhere-host-usd', parameters)).toBe(10_250_000);
    const dear = new AssumedParameters({ 'price.alb-usd': 1 });
    expect(listPriceNanoUsd('price.alb-usd', dear)).toBe(1_000_000_000);
  });

  it('spread a gp3 month over 730 hours', () => {
    // 20 GB * 0.08 / 730 = 0.002191780821... USD an hour
    expect(ebsNanoUsdPerHour(20, parameters)).toBe(2_191_781);
  });
});
