/** Best fit and worst fit: the least or the most free share of one resource. Score in parts per million of allocatable. */

import type { ClusterView } from '../../cluster/cluster.ts';
import type { PolicyKind, Trend } from '../policy.ts';

const SHARE_UNITS = 1_000_000;

function freeShare(view: ClusterView, host: number, resource: string | undefined): number {
  const { hosts } = view;
  const [free, all] =
    resource === 'memory'
      ? [hosts.memoryFree[host]!, hosts.memoryAllocatable[host]!]
      : [hosts.cpuFree[host]!, hosts.cpuAllocatable[host]!];
  return all === 0 ? 0 : Math.floor((free * SHARE_UNITS) / all);
}

function trendOf(resource: string | undefined, way: Trend) {
  return resource === 'memory'
    ? ({ cpuFree: 'level', memoryFree: way } as const)
    : ({ cpuFree: way, memoryFree: 'level' } as const);
}

export const bestFit: PolicyKind = {
  name: 'best-fit',
  summary: 'the host with the smallest free share of one resource',
  parameters: { resource: ['cpu', 'memory'] },
  create: ({ resource }) => ({
    hostLocal: true,
    sameForAllRequests: true,
    trend: trendOf(resource, 'falls'),
    score: (host, _request, view) => -freeShare(view, host, resource),
  }),
};

export const worstFit: PolicyKind = {
  name: 'worst-fit',
  summary: 'the host with the largest free share of one resource',
  parameters: { resource: ['cpu', 'memory'] },
  create: ({ resource }) => ({
    hostLocal: true,
    sameForAllRequests: true,
    trend: trendOf(resource, 'rises'),
    score: (host, _request, view) => freeShare(view, host, resource),
  }),
};
