/**
 * ECS spread: the zone, or the instance, with the fewest tasks of the same service.
 *
 *     score(h) = -count of the workload's tasks in the zone of h, or on h
 *
 * Ties       the next strategy in the list, then the tie rule.
 * Source     aws.md 3.6: "choose the group (attribute value, or instanceId/host) with fewest tasks of the same service".
 */

import type { PolicyKind } from '../policy.ts';

export const spread: PolicyKind = {
  name: 'spread',
  summary: 'the zone or host with the fewest tasks of the same service',
  parameters: { field: ['zone', 'instance'] },
  create: ({ field }) =>
    field === 'instance'
      ? {
          countsBy: 'instance',
          score: (host, { workload }, view) => -view.counts.onHost(workload, host),
        }
      : {
          countsBy: 'zone',
          score: (host, { workload }, view) =>
            -view.counts.inZone(workload, view.hosts.zone[host]!),
        },
};
