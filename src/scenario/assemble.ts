/** Puts one variant and one seed together: the only place that knows every model and every policy. */

import { AssumedParameters } from '../cloud/assumptions.ts';
import { Cluster } from '../cluster/cluster.ts';
import { ConservationAudit } from '../audit/conservation.ts';
import { DecisionLog } from '../metrics/decision-log.ts';
import { HostShares } from '../metrics/host-shares.ts';
import { ImageCaches } from '../images/host-cache.ts';
import { LeavingOrder } from '../metrics/leaving-order.ts';
import { ON_PREM_ZONE, assemblePools } from './assembly/pools.ts';
import { Samples } from '../metrics/samples.ts';
import { Simulation } from '../simulation/simulation.ts';
import { Streams } from '../random/streams.ts';
import { Usage } from '../simulation/usage.ts';
import { Window } from '../metrics/window.ts';
import { assembleChoosers, assembleControllers } from './assembly/controllers.ts';
import { assembleWorkloads } from './assembly/workloads.ts';
import type { LoadedInputs } from './inputs.ts';
import type { Observer } from '../simulation/observer.ts';
import type { PolicyKind } from '../placement/policy.ts';
import type { PriceList } from '../metrics/bill.ts';
import type { ResolvedVariant } from './experiment.ts';
import type { World } from './assembly/world.ts';

export interface AssemblyOptions {
  readonly recordDecisions: boolean;
  /** The user's own placement policies. */
  readonly ownPolicies: readonly PolicyKind[];
}

/** A run that is ready to begin, with those who watch it. */
export interface Assembly {
  readonly simulation: Simulation;
  readonly cluster: Cluster;
  readonly parameters: AssumedParameters;
  readonly prices: PriceList;
  readonly window: Window;
  readonly shares: HostShares;
  readonly samples: Samples;
  readonly leaving: LeavingOrder;
  readonly decisions: DecisionLog | undefined;
  readonly notes: readonly string[];
}

export function assemble(
  variant: ResolvedVariant,
  seed: string | number,
  inputs: LoadedInputs,
  options: AssemblyOptions,
): Assembly {
  const { scenario, clusters } = variant;
  const parameters = new AssumedParameters(scenario.assumptions);
  const cluster = new Cluster(
    zonesOf(variant),
    clusters.map(({ name }) => name),
    clusters.map(({ orchestrator }) => orchestrator),
  );
  const world: World = {
    variant,
    seed,
    inputs,
    ownPolicies: options.ownPolicies,
    streams: new Streams(seed),
    parameters,
    market: { region: scenario.region, parameters },
    cluster,
    notes: [],
  };
  const workloads = assembleWorkloads(world);
  const pools = assemblePools(world, workloads);
  const usage = new Usage(cluster, workloads.profiles);
  const window = new Window(cluster, usage, scenario.warmupUs);
  const shares = new HostShares(cluster);
  const samples = new Samples(cluster, pools.prices);
  const leaving = new LeavingOrder();
  const decisions = options.recordDecisions ? new DecisionLog() : undefined;
  const observers: Observer[] = [window, shares, samples, leaving, new ConservationAudit(cluster)];
  if (decisions !== undefined) observers.push(decisions);
  const simulation = new Simulation({
    seed,
    durationUs: scenario.durationUs,
    samplingUs: scenario.samplingUs,
    stuckAfterUs: scenario.stuckAfterUs,
    market: world.market,
    cluster,
    streams: world.streams,
    usage,
    images: new ImageCaches(
      Object.fromEntries(
        Object.entries(scenario.images).map(([name, { sizeBytes }]) => [name, sizeBytes]),
      ),
    ),
    pullPaths: pools.pullPaths,
    sources: workloads.sources,
    startup: workloads.startup,
    ownHosts: pools.ownHosts,
    choosers: assembleChoosers(world, pools),
    controllers: assembleControllers(world, workloads, pools, usage),
    observers,
  });
  const { prices } = pools;
  const { notes } = world;
  return {
    simulation,
    cluster,
    parameters,
    prices,
    window,
    shares,
    samples,
    leaving,
    decisions,
    notes,
  };
}

/** Zones of the region first, then those that own hosts name. */
function zonesOf({ scenario, clusters }: ResolvedVariant): string[] {
  const zones = [...scenario.zones];
  for (const pool of clusters.flatMap((one) => one.pools)) {
    if (pool.kind !== 'external') continue;
    const zone = pool.zone === '' ? ON_PREM_ZONE : pool.zone;
    if (!zones.includes(zone)) zones.push(zone);
  }
  return zones;
}
