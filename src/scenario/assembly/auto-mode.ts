/**
 * EKS Auto Mode: AWS runs Karpenter and the nodes, within bounds of its own, for a fee.
 *
 * general-purpose  on-demand, amd64, categories c, m and r from generation 5 on, no limits
 * system           the same for amd64 and arm64, for pods that tolerate CriticalAddonsOnly
 * Both             expireAfter 336h, consolidation 30 s after a node went quiet, terminationGracePeriod 24h, as the pools that a
 *                  new cluster comes with show them
 * All nodes        of more than one vCPU and not nano, micro or small; at most 21 days old; a new image about each week, to
 *                  which they drift
 * Fee              a share of the on-demand price of the type, whatever was paid for the instance; less for G, P and Trn
 * Source           aws.md 7.5.
 */

import { PLAIN_NODE_POOL } from '../../workload/manifests/node-pool-spec.ts';
import { US_PER_DAY, US_PER_HOUR, US_PER_SECOND } from '../../base/units.ts';
import { findInstanceType } from '../../cloud/catalogue.ts';
import { onDemandNanoUsdPerHour } from '../../cloud/prices.ts';
import type { ImageReleases } from '../../autoscaling/karpenter/config.ts';
import type { Market } from '../../orchestration/host-description.ts';
import type { NodePoolManifest } from '../../workload/manifests/node-pool-spec.ts';

export type BuiltInPool = 'general-purpose' | 'system';

const AGE_MOST_US = 21 * US_PER_DAY;
const WEEKLY: ImageReleases = { firstUs: 7 * US_PER_DAY, everyUs: 7 * US_PER_DAY };

const BOUNDS: NodePoolManifest['requirements'] = [
  { key: 'karpenter.k8s.aws/instance-cpu', operator: 'Gt', values: ['1'] },
  {
    key: 'karpenter.k8s.aws/instance-size',
    operator: 'NotIn',
    values: ['nano', 'micro', 'small'],
  },
];

export function builtInPool(name: string, pool: BuiltInPool): NodePoolManifest {
  const isSystem = pool === 'system';
  return {
    ...PLAIN_NODE_POOL,
    name,
    requirements: [
      { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] },
      {
        key: 'kubernetes.io/arch',
        operator: 'In',
        values: ['amd64', ...(isSystem ? ['arm64'] : [])],
      },
      {
        key: 'karpenter.k8s.aws/instance-category',
        operator: 'In',
        values: ['c', 'm', 'r'],
      },
      { key: 'karpenter.k8s.aws/instance-generation', operator: 'Gt', values: ['4'] },
    ],
    taints: isSystem ? [{ key: 'CriticalAddonsOnly', value: '', effect: 'NoSchedule' }] : [],
    consolidateAfterUs: 30 * US_PER_SECOND,
    expireAfterUs: 14 * US_PER_DAY,
    terminationGracePeriodUs: 24 * US_PER_HOUR,
    isAutoMode: true,
  };
}

/** A NodePool within the bounds of Auto Mode. */
export function autoModeBounds(pool: NodePoolManifest): NodePoolManifest {
  return {
    ...pool,
    requirements: [...pool.requirements, ...BOUNDS],
    expireAfterUs: Math.min(pool.expireAfterUs, AGE_MOST_US),
    isAutoMode: true,
  };
}

/** Stated releases come in place of the weekly ones. */
export function autoModeReleases(stated: ImageReleases | undefined): ImageReleases {
  return stated ?? WEEKLY;
}

/** For an hour of an instance type; NaN where its price is not known. */
export function autoModeFee(typeName: string, { region, parameters }: Market): number {
  const type = findInstanceType(typeName);
  const price = type === undefined ? null : onDemandNanoUsdPerHour(type, region, parameters);
  if (type === undefined || price === null) return NaN;
  const left = type.category === 'g' ? 0.65 : ['p', 'trn'].includes(type.category) ? 0.4 : 1;
  return Math.round(price * left * parameters.get('price.eks-auto-mode-share'));
}
