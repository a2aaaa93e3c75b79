/** A row of scores for every request that the table keeps. */

import { ScoreRow } from './score-row.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostClasses } from './host-classes.ts';
import type { HostSlots } from './host-slots.ts';
import type { KnownRequest } from './request-table.ts';
import type { Ranking } from './ranking.ts';
import type { ScorePolicy } from '../policy.ts';

export class ScoreRows implements Ranking<KnownRequest> {
  private readonly view: ClusterView;
  private readonly policies: readonly ScorePolicy[];
  private readonly slots: HostSlots;
  private readonly classes: HostClasses;
  private readonly rows: ScoreRow[] = [];
  private row: ScoreRow | undefined;

  constructor(
    view: ClusterView,
    policies: readonly ScorePolicy[],
    slots: HostSlots,
    classes: HostClasses,
  ) {
    this.view = view;
    this.policies = policies;
    this.slots = slots;
    this.classes = classes;
  }

  rank(request: KnownRequest): boolean | undefined {
    let row = this.rows[request.number];
    if (row?.request !== request) {
      row = new ScoreRow(this.view, this.policies, this.slots, this.classes, request);
      this.rows[request.number] = row;
    }
    this.row = row;
    return row.refresh();
  }

  firstBest(from: number): number {
    return this.row!.firstBest(from);
  }

  isBest(slot: number): boolean {
    return this.row!.isBest(slot);
  }
}
