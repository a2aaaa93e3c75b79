/**
 * ECS binpack: the instance that is left with the least of one resource.
 *
 *     score(h) = -(free_h - demand)        of the resource, after placement; the demand is the same everywhere
 *
 * Units      CPU ticks or bytes. Ties: the tie rule of the list.
 * Source     aws.md 3.6: "instance that would leave the least of that resource".
 */

import type { PolicyKind } from '../policy.ts';

export const binpack: PolicyKind = {
  name: 'binpack',
  summary: 'the host that is left with the least of one resource',
  parameters: { resource: ['cpu', 'memory'] },
  create: ({ resource }) =>
    resource === 'memory'
      ? {
          hostLocal: true,
          sameForAllRequests: true,
          trend: { cpuFree: 'level', memoryFree: 'falls' },
          score: (host, _request, view) => -view.hosts.memoryFree[host]!,
        }
      : {
          hostLocal: true,
          sameForAllRequests: true,
          trend: { cpuFree: 'falls', memoryFree: 'level' },
          score: (host, _request, view) => -view.hosts.cpuFree[host]!,
        },
};
