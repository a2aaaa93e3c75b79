/** Puts one variant and one seed together: the only place that knows every model and every policy. */

import { AssumedParameters } from '../cloud/assumptions.ts';
import { assembleBudgets, podsOfJob } from './assembly/kubernetes-workloads.ts';
import { Cluster } from '../cluster/cluster.ts';
import { ConservationAudit } from '../audit/conservation.ts';
import { DecisionLog } from '../metrics/decision-log.ts';
import { FargateRounding } from '../metrics/fargate-rounding.ts';
import { HostShares } from '../metrics/host-shares.ts';
import { ImageCaches } from '../images/host-cache.ts';
import { ON_PREM_ZONE, assemblePools } from './assembly/pools.ts';
import { KeptTasks } from '../metrics/task-sink.ts';
import { Samples } from '../metrics/samples.ts';
import { Simulation } from '../simulation/simulation.ts';
import { Supply } from '../cloud/supply/supply.ts';
import { heedsRiskOf } from './assembly/auto-scaling-groups.ts';
import { supplyLimits } from './assembly/supply.ts';
import { Streams } from '../random/streams.ts';
import { TaskStream } from '../metrics/task-stream.ts';
import { TaskTally } from '../metrics/task-tally.ts';
import { Usage } from '../simulation/usage.ts';
import { Window } from '../metrics/window.ts';
import { hostFailuresOf, linkLossesOf, outagesOf } from './assembly/disruptions.ts';
import { assembleChoosers, assembleControllers } from './assembly/controllers.ts';
import { assembleWorkloads } from './assembly/workloads.ts';
import type { LoadedInputs } from './inputs.ts';
import type { Observer } from '../simulation/observer.ts';
import type { PolicyKind } from '../placement/policy.ts';
import type { PriceList } from '../metrics/bill.ts';
import type { ResolvedVariant } from './experiment.ts';
import type { TaskSink } from '../metrics/task-sink.ts';
import type { World } from './assembly/world.ts';

export interface AssemblyOptions {
  readonly recordDecisions: boolean;
  /** Takes the rows of tasks as they leave; without it the assembly keeps them. */
  readonly taskSink?: TaskSink;
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
  /** The rows of tasks, when nobody else takes them. */
  readonly kept: KeptTasks | undefined;
  readonly tally: TaskTally;
  readonly rounding: FargateRounding;
  readonly decisions: DecisionLog | undefined;
  readonly notes: readonly string[];
}

export function assemble(
  variant: ResolvedVariant,
  seed: string | number,
  inputs: LoadedInputs,
  options: AssemblyOptions,
): Assembly {
  const { scenario } = variant;
  const world = worldOf(variant, seed, inputs, options);
  const { cluster, parameters, market, streams, notes } = world;
  const imageBytes = imageBytesOf(variant);
  for (const [name, bytes] of Object.entries(imageBytes)) cluster.images.register(name, bytes);
  const workloads = assembleWorkloads(world);
  const pools = assemblePools(world, workloads);
  const budgets = assembleBudgets(world, workloads);
  const usage = new Usage(cluster, workloads.profiles, workloads.containers, workloads.queues);
  const kept = options.taskSink === undefined ? new KeptTasks() : undefined;
  const sink = options.taskSink ?? kept!;
  const watchers = watchersOf(world, usage, pools.prices, sink, options);
  const observers: readonly (Observer | undefined)[] = Object.values(watchers);
  const simulation = new Simulation({
    seed,
    durationUs: scenario.durationUs,
    samplingUs: scenario.samplingUs,
    stuckAfterUs: scenario.stuckAfterUs,
    market,
    supply: world.supply,
    heedsRisk: heedsRiskOf(variant, pools),
    cluster,
    regionZones: scenario.zones.length,
    streams,
    usage,
    images: new ImageCaches(imageBytes, unpackedFactor(world)),
    pullPaths: pools.pullPaths,
    sources: workloads.sources,
    startup: workloads.startup,
    stops: workloads.stops,
    containers: workloads.containers,
    hostFailures: hostFailuresOf(world),
    outages: outagesOf(world),
    linkLosses: linkLossesOf(world),
    ownHosts: pools.ownHosts,
    choosers: assembleChoosers(world, pools),
    controllers: assembleControllers(world, workloads, pools, usage, budgets),
    budgets,
    podsOfJob: podsOfJob(world, workloads),
    observers: observers.filter((one) => one !== undefined),
  });
  return { simulation, cluster, parameters, prices: pools.prices, notes, kept, ...watchers };
}

function worldOf(
  variant: ResolvedVariant,
  seed: string | number,
  inputs: LoadedInputs,
  { ownPolicies }: AssemblyOptions,
): World {
  const { scenario, clusters } = variant;
  const parameters = new AssumedParameters(scenario.assumptions);
  return {
    variant,
    seed,
    inputs,
    ownPolicies,
    streams: new Streams(seed),
    parameters,
    market: { region: scenario.region, parameters },
    supply: new Supply(scenario.region, parameters, seed, supplyLimits(variant, inputs)),
    cluster: new Cluster(
      zonesOf(variant),
      clusters.map(({ name }) => name),
      clusters.map(({ orchestrator }) => orchestrator),
    ),
    notes: [],
  };
}

/** Who watches the run, in the order in which they are told. */
function watchersOf(
  { cluster, variant, seed }: World,
  usage: Usage,
  prices: PriceList,
  sink: TaskSink,
  { recordDecisions }: AssemblyOptions,
) {
  return {
    window: new Window(cluster, usage, variant.scenario.warmupUs),
    shares: new HostShares(cluster),
    samples: new Samples(cluster, prices),
    tasks: new TaskStream(cluster, sink, { variant: variant.name, seed: String(seed) }),
    tally: new TaskTally(cluster, variant.scenario.warmupUs),
    rounding: new FargateRounding(cluster),
    audit: new ConservationAudit(cluster),
    decisions: recordDecisions ? new DecisionLog() : undefined,
  };
}

/** An assumption of the runs that collect images alone. */
function unpackedFactor({ parameters, variant }: World): number {
  const pools = variant.clusters.flatMap((one) => one.pools);
  const isUsed = pools.some(
    ({ kubelet }) => kubelet?.imageDiskBytes !== undefined || kubelet?.diskBytes !== undefined,
  );
  return isUsed ? parameters.get('image.unpacked-factor') : 1;
}

function imageBytesOf({ scenario }: ResolvedVariant): Record<string, number> {
  const images = Object.entries(scenario.images);
  return Object.fromEntries(images.map(([name, { sizeBytes }]) => [name, sizeBytes]));
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
