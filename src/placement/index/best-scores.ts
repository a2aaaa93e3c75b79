/** The scores of the best host so far for one request, and how another compares. */

import type { ClusterView } from '../../cluster/cluster.ts';
import type { PlacementRequest, ScorePolicy } from '../policy.ts';

export class BestScores {
  /** By policy. */
  readonly scores: number[] = [];
  private readonly view: ClusterView;
  private readonly policies: readonly ScorePolicy[];

  constructor(view: ClusterView, policies: readonly ScorePolicy[]) {
    this.view = view;
    this.policies = policies;
  }

  take(host: number, request: PlacementRequest): void {
    const { policies, scores, view } = this;
    for (let i = 0; i < policies.length; i++) scores[i] = policies[i]!.score(host, request, view);
  }

  /** Sign of (host - best): the first policy that tells them apart decides. */
  compare(host: number, request: PlacementRequest): number {
    const { policies, scores, view } = this;
    for (let i = 0; i < policies.length; i++) {
      const difference = policies[i]!.score(host, request, view) - scores[i]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
