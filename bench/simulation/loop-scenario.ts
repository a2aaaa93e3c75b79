/**
 * The scenario of the whole loop, written as a user would write it: hosts and templates of the placement benchmark
 * (bench/placement/load.ts), each template a workload `jobs`, each kind of host in each zone an external pool.
 *
 * Arrivals   Poisson for each template. Its rate is the number of such tasks in a fleet filled to 80 % over the mean time
 *            that a task holds its host (Little's law), so the fleet fills up to that within some lifetimes.
 * Life       exponential of mean 300 s, after a container start of the product's own making (lognormal about 2 s).
 * Scheduler  kube-scheduler's loop over every host, think time and binding taken as 0: what is asked is how fast the
 *            program is, not how long a scheduler of so many tasks a second would keep them waiting.
 */

import { MIB } from '../../src/base/units.ts';
import { drawLoad } from '../placement/load.ts';
import type { HostShape, Load } from '../placement/load.ts';

export type LoopPolicy = 'first-fit' | 'least-allocated-balanced';

export interface LoopSize {
  readonly hosts: number;
  readonly tasks: number;
  readonly policy: LoopPolicy;
}

const TEMPLATES = 32;
const LIFETIME_S = 300;
const CONTAINER_START_S = 2;
const ZONE_NAMES = ['a', 'b', 'c'];
/** Own hosts cost what their cores and gibibytes would: only that there is a bill matters here. */
const USD_PER_CORE_HOUR = 0.03;

/** kube-scheduler up to 1.35 scores as the placement benchmark does, over every host without sampling. */
const PLACEMENT: Readonly<Record<LoopPolicy, string>> = {
  'first-fit': 'first-fit',
  'least-allocated-balanced': 'least-allocated-balanced[version=1.35]',
};

export function loopScenario({ hosts, tasks, policy }: LoopSize): string {
  const load = drawLoad({ hosts, templates: TEMPLATES, steps: 0 });
  const ratePerSecond = load.filled / (LIFETIME_S + CONTAINER_START_S);
  const durationS = Math.ceil((1.5 * tasks) / ratePerSecond) + 40 * LIFETIME_S;
  return [
    'name: loop',
    'seed: 42',
    `duration: ${durationS}s`,
    `warmup: ${3 * LIFETIME_S}s`,
    `zones: [${ZONE_NAMES.join(', ')}]`,
    'assumptions:',
    '  kubernetes.schedule-think-s: 0',
    '  kubernetes.bind-s: 0',
    'workload:',
    ...jobsOf(load, tasks, ratePerSecond),
    'variants:',
    '  loop:',
    '    orchestrator: kubernetes',
    '    distribution: self-managed',
    `    placement: ${PLACEMENT[policy]}`,
    '    pools:',
    ...poolsOf(load.hosts),
  ].join('\n');
}

function jobsOf(load: Load, tasks: number, ratePerSecond: number): string[] {
  const counts = load.templates.map(() => 0);
  for (const template of load.templateOf.subarray(0, load.filled)) counts[template]!++;
  let before = 0;
  return counts.flatMap((count, i) => {
    // Whole numbers that sum up to `tasks`.
    const limit = wholeShare(before + count) - wholeShare(before);
    before += count;
    if (limit === 0) return [];
    const { cpuMilli, memoryBytes, gpus } = load.templates[i]!;
    const rate = ((ratePerSecond * count) / load.filled).toFixed(9);
    return [
      `  - jobs: { name: t${i}, cpu: ${cpuMilli}m, memory: ${memoryBytes / MIB}MiB, gpu: ${gpus}, ` +
        `arrivals: { poisson: ${rate}/s }, duration: { exponential: { mean: ${LIFETIME_S}s } }, limit: ${limit} }`,
    ];
  });

  function wholeShare(filled: number): number {
    return Math.round((tasks * filled) / load.filled);
  }
}

function poolsOf(hosts: readonly HostShape[]): string[] {
  const pools = new Map<string, { readonly host: HostShape; count: number }>();
  for (const host of hosts) {
    const name = `cores-${host.cpuMilli / 1_000}-${ZONE_NAMES[host.zone]!}`;
    const pool = pools.get(name);
    if (pool === undefined) pools.set(name, { host, count: 1 });
    else pool.count++;
  }
  return [...pools].map(([name, { host, count }]) => {
    const { cpuMilli, memoryBytes, gpus, zone } = host;
    const usdPerHour = ((cpuMilli / 1_000) * USD_PER_CORE_HOUR).toFixed(2);
    return (
      `      ${name}: { external: { hosts: ${count}, cpu: ${cpuMilli}m, memory: ${memoryBytes / MIB}MiB, ` +
      `gpus: ${gpus}, costPerHour: ${usdPerHour}, zone: ${ZONE_NAMES[zone]!} } }`
    );
  });
}
