/**
 * NodeResourcesFit and BalancedAllocation where pods leave requests unstated: these count 100 m and 200 MiB a container for the
 * first, and nothing for the second (kubernetes.md 1.7, 1.9). The policy of placement knows requests alone.
 */

import {
  cpuMilli,
  leastAllocatedOf,
  leastAllocatedScore,
} from '../../../placement/policies/kubernetes-resources.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { ScorePolicy } from '../../../placement/policy.ts';
import type { TallyBook } from '../constraints/tally-book.ts';

/** The sum of the scores that one host alone decides. */
export type LocalScore = Omit<ScorePolicy, 'name'>;

/** `local` with LeastAllocated by what pods count as; `local` itself where they all count as what they ask for. */
export function localScore(local: LocalScore, book: TallyBook): LocalScore {
  if (!book.templates.hasUnstated) return local;
  return {
    score(host, request, view: ClusterView) {
      const { specs } = view;
      const { cpu, memory } = book.unstated;
      const { scored, requests } = book.templates.at(specs.templateOf(request.spec));
      const unstated = (resource: string): number =>
        (scored[resource] ?? 0) - (requests[resource] ?? 0);
      const more = { cpuMilli: cpu.at(host), memoryBytes: memory.at(host) };
      // By the spec's own sizes, which may have been drawn.
      const asked = {
        cpuMilli: cpuMilli(specs.cpuTicks[request.spec]!) + unstated('cpu'),
        memoryBytes: specs.memoryBytes[request.spec]! + unstated('memory'),
      };
      return (
        local.score(host, request, view) -
        leastAllocatedScore(host, request, view) +
        leastAllocatedOf(host, view, more, asked)
      );
    },
  };
}
