/**
 * The scenario of the whole loop, written as a user would write it: hosts and templates of the placement benchmark
 * (bench/placement/load.ts), each template a workload `jobs`, each kind of host in each zone an external pool.
 *
 * Arrivals   Poisson for each template. Its rate is the number of such tasks in a fleet filled to 80 % over the mean time
 *            that a task holds its host (Little's law), so the fleet fills up to that within some lifetimes.
 * Life       exponential of mean 300 s, after a container start of the product's own making (lognormal about 2 s).
 * Scheduler  that of ECS, which scores every host and whose decisions take no simulated time: what is asked is how fast the
 *            program is, not how long kube-scheduler would keep so many tasks waiting.
 */

import { MIB } from '../../src/base/units.ts';
import { drawLoad } from '../placement/load.ts';
import type { HostShape, Load, Template } from '../placement/load.ts';

export type LoopPolicy = 'first-fit' | 'least-allocated-balanced';

export interface LoopSize {
  readonly hosts: number;
  readonly tasks: number;
  readonly policy: LoopPolicy;
}

/** What arrives: one template of tasks, as many as `limit`. */
export interface LoopJobs extends Template {
  readonly name: string;
  readonly ratePerSecond: number;
  readonly limit: number;
}

/** ECS knows no limit on the number of tasks of a host. */
export interface LoopHost extends Omit<HostShape, 'slots'> {
  readonly name: string;
  readonly pool: string;
}

/** The same scenario as plain objects: hosts and jobs in the order of the text. */
export interface LoopModel {
  readonly seed: string;
  readonly hosts: readonly LoopHost[];
  readonly jobs: readonly LoopJobs[];
  readonly lifetimeS: number;
  readonly warmupS: number;
  readonly durationS: number;
}

const TEMPLATES = 32;
const RATE_DIGITS = 9;
const LIFETIME_S = 300;
const CONTAINER_START_S = 2;
const ZONE_NAMES = ['a', 'b', 'c'];
/** Own hosts cost what their cores would: only that there is a bill matters here. */
const USD_PER_CORE_HOUR = 0.03;

/** Scores as kube-scheduler's up to 1.35. */
const PLACEMENT: Readonly<Record<LoopPolicy, string>> = {
  'first-fit': 'first-fit',
  'least-allocated-balanced': 'least-allocated-balanced[version=1.35]',
};

export function loopModel({ hosts, tasks }: LoopSize): LoopModel {
  const load = drawLoad({ hosts, templates: TEMPLATES, steps: 0 });
  const ratePerSecond = load.filled / (LIFETIME_S + CONTAINER_START_S);
  return {
    seed: '42',
    hosts: hostsOf(load),
    jobs: jobsOf(load, tasks, ratePerSecond),
    lifetimeS: LIFETIME_S,
    // Until the fleet is nearly full, or half of the tasks have come.
    warmupS: Math.min(3 * LIFETIME_S, Math.floor(tasks / ratePerSecond / 2)),
    durationS: Math.ceil((1.5 * tasks) / ratePerSecond) + 40 * LIFETIME_S,
  };
}

function jobsOf(load: Load, tasks: number, ratePerSecond: number): LoopJobs[] {
  const counts = load.templates.map(() => 0);
  for (const template of load.templateOf.subarray(0, load.filled)) counts[template]!++;
  const wholeShare = (filled: number): number => Math.round((tasks * filled) / load.filled);
  let before = 0;
  return counts.flatMap((count, i) => {
    // Whole numbers that sum up to `tasks`.
    const limit = wholeShare(before + count) - wholeShare(before);
    before += count;
    if (limit === 0) return [];
    // As the text has it.
    const rate = Number(((ratePerSecond * count) / load.filled).toFixed(RATE_DIGITS));
    return [{ ...load.templates[i]!, name: `t${i}`, ratePerSecond: rate, limit }];
  });
}

/** Equal hosts of one zone make a pool; pools in order of their first host, which is the order of the engine's rows. */
function hostsOf(load: Load): LoopHost[] {
  const pools = new Map<string, LoopHost[]>();
  for (const host of load.hosts) {
    const pool = `cores-${host.cpuMilli / 1_000}-${ZONE_NAMES[host.zone]!}`;
    const hosts = pools.get(pool) ?? [];
    pools.set(pool, hosts);
    hosts.push({ ...host, name: `${pool}-${hosts.length}`, pool });
  }
  return [...pools.values()].flat();
}

export function loopScenario({ policy }: LoopSize, model: LoopModel): string {
  return [
    'name: loop',
    `seed: ${model.seed}`,
    `duration: ${model.durationS}s`,
    `warmup: ${model.warmupS}s`,
    `zones: [${ZONE_NAMES.join(', ')}]`,
    'workload:',
    ...model.jobs.map((jobs) => `  - jobs: { ${jobsText(jobs, model)} }`),
    'variants:',
    '  loop:',
    '    orchestrator: ecs',
    `    placement: ${PLACEMENT[policy]}`,
    '    pools:',
    ...poolsText(model.hosts),
  ].join('\n');
}

function jobsText(jobs: LoopJobs, { lifetimeS }: LoopModel): string {
  const { name, cpuMilli, memoryBytes, gpus, ratePerSecond, limit } = jobs;
  return [
    `name: ${name}, limit: ${limit}`,
    `cpu: ${cpuMilli}m, memory: ${memoryBytes / MIB}MiB, gpu: ${gpus}`,
    `arrivals: { poisson: ${ratePerSecond.toFixed(RATE_DIGITS)}/s }`,
    `duration: { exponential: { mean: ${lifetimeS}s } }`,
  ].join(', ');
}

function poolsText(hosts: readonly LoopHost[]): string[] {
  return [...new Set(hosts.map(({ pool }) => pool))].map((pool) => {
    const equal = hosts.filter((host) => host.pool === pool);
    const { cpuMilli, memoryBytes, gpus, zone } = equal[0]!;
    const usdPerHour = ((cpuMilli / 1_000) * USD_PER_CORE_HOUR).toFixed(2);
    const keys = [
      `hosts: ${equal.length}, zone: ${ZONE_NAMES[zone]!}, costPerHour: ${usdPerHour}`,
      `cpu: ${cpuMilli}m, memory: ${memoryBytes / MIB}MiB, gpus: ${gpus}`,
    ];
    return `      ${pool}: { external: { ${keys.join(', ')} } }`;
  });
}
