/** From the key `supply` to the limits of EC2's supply. */

import { constantDepth } from '../../cloud/supply/capacity-depth.ts';
import type { DepthRule, SupplyLimits } from '../../cloud/supply/supply.ts';
import type { LoadedInputs } from '../inputs.ts';
import type { ResolvedVariant } from '../experiment.ts';
import type { SupplySettings } from '../schema-supply.ts';

export function supplyLimits({ scenario }: ResolvedVariant, inputs: LoadedInputs): SupplyLimits {
  const { capacity, vcpuQuotas, addresses } = scenario.supply;
  return { depths: capacity.map((rule) => depthRule(rule, inputs)), quotas: vcpuQuotas, addresses };
}

function depthRule(rule: SupplySettings['capacity'][number], inputs: LoadedInputs): DepthRule {
  const { types, zones, spot, instances, trace, instancesPerTick } = rule;
  return {
    ...(types === undefined ? {} : { types }),
    ...(zones === undefined ? {} : { zones }),
    ...(spot === undefined ? {} : { spot }),
    depth: trace === undefined ? constantDepth(instances) : scaled(trace, instancesPerTick, inputs),
  };
}

function scaled(trace: string, factor: number, { availability = {} }: LoadedInputs) {
  const { stepUs, counts } = availability[trace]!;
  return { stepUs, counts: counts.map((count) => count * factor) };
}
