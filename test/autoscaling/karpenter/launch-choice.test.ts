import { describe, expect, it } from 'vitest';
import { KarpenterWorld } from './karpenter-world.ts';
import { chooseLaunch } from '../../../src/autoscaling/karpenter/launch-choice.ts';
import { ZONE } from '../../../src/autoscaling/karpenter/well-known-labels.ts';
import type { TypeChoice } from '../../../src/autoscaling/karpenter/config.ts';
import type { TaskSpec } from '../../../src/cluster/spec.ts';

function launchFor(choice: Partial<TypeChoice>, cores: number, parts: Partial<TaskSpec> = {}) {
  const world = new KarpenterWorld();
  const { pool } = world.addNodePool('pool', choice);
  const plan = world.plan(world.addPending(world.addService('web', cores, 1, parts)));
  const { instanceType, zone, spot, ...rest } = chooseLaunch(plan.claims[0]!)!;
  expect(rest.pool).toBe(pool);
  return { instanceType, zone, spot };
}

describe('a claim becomes', () => {
  it('the cheapest type that fits, on demand, in the first zone', () => {
    const choice = { instanceTypes: ['m5.2xlarge', 'm5.xlarge', 'm5.large'] };
    expect(launchFor(choice, 3)).toEqual({ instanceType: 'm5.xlarge', zone: 0, spot: false });
  });

  it('spot when the NodePool allows it', () => {
    const choice = { instanceTypes: ['m5.large'], capacityTypes: ['on-demand', 'spot'] };
    expect(launchFor(choice, 1).spot).toBe(true);
    expect(launchFor({ ...choice, capacityTypes: ['on-demand'] }, 1).spot).toBe(false);
  });

  it('a host in the zone that its pods ask for', () => {
    const nodeSelector = { [ZONE]: 'us-east-1c' };
    expect(launchFor({ instanceTypes: ['m5.large'] }, 1, { nodeSelector }).zone).toBe(2);
  });

  it('no GPU or bare-metal type unless nothing else will do', () => {
    // g4dn.xlarge (0.526 USD) is cheaper than m5.4xlarge (0.768 USD) but has a GPU.
    const choice = { instanceTypes: ['g4dn.xlarge', 'm5.4xlarge'] };
    expect(launchFor(choice, 1).instanceType).toBe('m5.4xlarge');
    const gpu = { gpuCount: 1, gpuMilli: 1000 };
    expect(launchFor(choice, 1, gpu).instanceType).toBe('g4dn.xlarge');
  });
});
