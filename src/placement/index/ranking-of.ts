/** How the hosts are ranked for requests that are remembered: by what the scores have in common, the same hosts either way. */

import { FitTree } from './fit-tree.ts';
import { ScorePanels } from './score-panels.ts';
import { ScoreRows } from './score-rows.ts';
import { newPanelKernel } from '../wasm/panel-kernel.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostClasses } from './host-classes.ts';
import type { HostSlots } from './host-slots.ts';
import type { KnownRequest, RequestTable } from './request-table.ts';
import type { Ranking } from './ranking.ts';
import type { ScorePolicy } from '../policy.ts';

export function rankingOf(
  view: ClusterView,
  policies: readonly ScorePolicy[],
  slots: HostSlots,
  classes: HostClasses,
  requests: Pick<RequestTable, 'at'>,
): Ranking<KnownRequest> {
  const policy = policies[0];
  if (policy === undefined) return new FitTree(view, slots, classes, requests);
  const rows = new ScoreRows(view, policies, slots, classes);
  const hasPanels = policy.formula !== undefined || policy.sameForAllRequests === true;
  const kernel = policies.length === 1 && hasPanels ? newPanelKernel() : undefined;
  if (kernel === undefined) return rows;
  return new ScorePanels(view, policy, slots, classes, requests, kernel, rows);
}
