/**
 * The public API: what notebooks, policies and other programs may import.
 *
 *   loadScenario -> Experiment -> runCell (one variant, one seed) -> rows -> compare -> overview, charts
 */

export { ScenarioError } from './base/scenario-error.ts';
export { InvariantError } from './base/assert.ts';
export { loadScenario } from './scenario/load.ts';
export { knownPolicies } from './scenario/registry.ts';
export { runCell } from './experiment/run-cell.ts';
export { compare } from './report/comparison.ts';
export { replicationSeed } from './random/replication-seed.ts';
export { OVERVIEW_HEADINGS, overviewOf, overviewText } from './report/overview.ts';
export { waitingDistribution, waitsByVariant } from './report/charts/waiting-distribution.ts';
export { svgOf } from './report/charts/svg.ts';

export type { CellOptions, CellResult } from './experiment/run-cell.ts';
export type { Chart } from './report/charts/chart.ts';
export type { ComparisonRow } from './report/tables/comparison.ts';
export type { ClusterView } from './cluster/cluster.ts';
export type { Experiment, ResolvedVariant } from './scenario/experiment.ts';
export type { LoadedInputs } from './scenario/inputs.ts';
export type { PlacementRequest, PolicyKind, ScorePolicy } from './placement/policy.ts';
export type {
  CostRow,
  DecisionRow,
  HostRow,
  SummaryRow,
  TaskRow,
  TimeseriesRow,
} from './metrics/rows.ts';
