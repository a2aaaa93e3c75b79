/** The key `supply`: what EC2 has to give, where it is less than everything. */

import { z } from 'zod';
import { QUOTA_CLASSES } from '../cloud/supply/vcpu-quota.ts';
import { capacityType, instanceType } from './schema-instance-types.ts';
import { count, filePath } from './schema-quantity.ts';
import { zoneName } from './schema-workload.ts';

const capacity = z
  .strictObject({
    instanceTypes: z
      .exactOptional(z.array(instanceType).min(1))
      .describe('Instance types that the rule is about; left out, all.'),
    zones: z.exactOptional(z.array(zoneName).min(1)).describe('Zones; left out, all.'),
    capacityType: z
      .exactOptional(capacityType)
      .describe('Only capacity that is bought so; left out, both, each with room of its own.'),
    instances: z
      .exactOptional(count)
      .describe('How many instances of one type run at once in one zone.'),
    trace: z
      .exactOptional(filePath)
      .describe(
        'Spot only, instead of `instances`: a trace of availability, JSON of SkyPilot spot-traces. What is above it is taken back; the trace begins anew at its end.',
      ),
    instancesPerTick: z
      .exactOptional(z.int().min(1))
      .describe('Instances that one machine of the trace stands for; default 1.'),
  })
  .transform((map, context) => {
    const { instanceTypes, zones, instances, trace, instancesPerTick } = map;
    if ((instances === undefined) === (trace === undefined)) {
      const found = trace === undefined ? 'neither' : 'both';
      const message = `expected either \`instances\` or \`trace\`, found ${found}`;
      context.addIssue({ code: 'custom', message });
    }
    if (trace !== undefined && map.capacityType !== 'spot') {
      const message = 'a trace takes spot instances back: expected `capacityType: spot` beside it';
      context.addIssue({ code: 'custom', message, path: ['trace'], params: { at: 'key' } });
    }
    if (trace === undefined && instancesPerTick !== undefined) {
      const message = '`instancesPerTick` belongs to `trace`';
      const path = ['instancesPerTick'];
      context.addIssue({ code: 'custom', message, path, params: { at: 'key' } });
    }
    return {
      types: instanceTypes,
      zones,
      spot: map.capacityType === undefined ? undefined : map.capacityType === 'spot',
      instances: instances ?? 0,
      trace,
      instancesPerTick: instancesPerTick ?? 1,
    };
  });

const vcpuQuota = z
  .strictObject({
    class: z
      .enum(QUOTA_CLASSES)
      .prefault('standard')
      .describe('Class of instance types; standard is A, C, D, H, I, M, R, T and Z.'),
    capacityType: capacityType.prefault('on-demand').describe('On-demand and spot count apart.'),
    vcpus: count.describe('vCPUs that the account may run at once.'),
  })
  .transform((map) => ({ class: map.class, spot: map.capacityType === 'spot', vcpus: map.vcpus }));

export const supply = z
  .strictObject({
    capacity: z
      .array(capacity)
      .prefault([])
      .describe('Depth of capacity pools; of several entries for a pool the first counts.'),
    vcpuQuotas: z.array(vcpuQuota).prefault([]).describe('Quotas of the account.'),
    addresses: z
      .record(zoneName, count)
      .prefault({})
      .describe(
        'Free addresses of the subnet of a zone. A Kubernetes node takes two interfaces full of them, any other instance one.',
      ),
  })
  .meta({ id: 'supply' });

export type SupplySettings = z.output<typeof supply>;
