/**
 * How many pods a second does the simulated kube-scheduler place at 5,000 nodes, for the pods of the real one's performance
 * tests (gate-cases.ts): queue, cycle, and the bind in the ledger that all indexes follow.
 *
 * Gates      the rates that the real scheduler must keep in its own tests, on machines of their own and with API server and
 *            etcd: what is left out here, so the ratio says how much faster a simulation decides, not how good the code is.
 * Twin       the same cycle on objects, plugin by plugin and node by node, in the same run: the plugins that agree with the
 *            real code on every recorded case. Both must choose the same node for every pod, as far as the twin came.
 * Prints     us of processor time a pod, pods/s, ratios, and a hash of the nodes chosen.
 * Run        npx tsx bench/orchestration/kube-scheduler.ts [--smoke] [--only NAME] [--json]
 */

import { alignedTable } from '../aligned-table.ts';
import { figureOf, printFigures } from '../runner/figure.ts';
import { GATE_CASES } from './gate-cases.ts';
import { ObjectScheduler } from './object-scheduler.ts';
import { ScheduledCluster } from './scheduled-cluster.ts';
import { pathToFileURL } from 'node:url';
import type { Figure } from '../runner/figure.ts';
import type { GateCase } from './gate-cases.ts';

const NODES = 5_000;
const ROUNDS = 5;
/** Rounds before, which warm the compiler. */
const WARM_ROUNDS = 1;
const US_PER_S = 1e6;
/** Processor time that the twin gets a round. */
const TWIN_BUDGET_US = US_PER_S;
const SMOKE: Size = { nodes: 120, share: 0.004, rounds: 1, warm: 0, budgetUs: 0.2 * US_PER_S };
const AIM = { atLeast: 100 };

export interface GateRun {
  readonly one: GateCase;
  /** us a pod, a round an element. */
  readonly costs: readonly number[];
  readonly twinCosts: readonly number[];
  readonly hash: number;
  readonly agree: boolean;
}

interface Size {
  readonly nodes: number;
  /** Of the pods of a case. */
  readonly share: number;
  readonly rounds: number;
  readonly warm: number;
  readonly budgetUs: number;
}

export function smokeRuns(): GateRun[] {
  return GATE_CASES.map((one) => run(one, SMOKE));
}

function run(one: GateCase, { nodes, share, rounds, warm, budgetUs }: Size): GateRun {
  const before = Math.ceil(one.before.pods * share);
  const pods = Math.ceil(one.measured.pods * share);
  const costs: number[] = [];
  const twinCosts: number[] = [];
  let hash = 0;
  let agree = true;
  for (let round = -warm; round < rounds; round++) {
    const cluster = new ScheduledCluster(one, nodes);
    cluster.schedule(cluster.add(one.before.spec, before));
    const twin = new ObjectScheduler(cluster.cluster, cluster.nextStart);
    const measured = cluster.add(one.measured.spec, pods);
    const spentUs = processorUs(() => cluster.schedule(measured));
    if (round < 0) continue;
    costs.push(spentUs / pods);
    const nodesOf = measured.map((task) => cluster.cluster.tasks.host[task]!);
    hash = nodesOf.reduce((fold, node) => Math.imul(fold ^ node, 0x01000193) >>> 0, 0);
    const told: number[] = [];
    let twinUs = 0;
    while (told.length < pods && (twinUs < budgetUs || told.length === 0)) {
      twinUs += processorUs(() => told.push(twin.place(cluster.specOf(measured[told.length]!))));
    }
    twinCosts.push(twinUs / told.length);
    agree &&= told.every((node, i) => node === nodesOf[i]);
  }
  return { one, costs, twinCosts, hash, agree };
}

function processorUs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

function figuresOf({ one, costs, twinCosts, hash, agree }: GateRun): Figure[] {
  const size = `${NODES} nodes, ${one.measured.pods} pods`;
  const same = {
    name: `schedule, ${one.name}`,
    workload: 'pods of scheduler_perf',
    size,
    unit: 'us',
  };
  const gateCosts = costs.map(() => US_PER_S / one.gate);
  return [
    figureOf({
      ...same,
      costs,
      twin: 'gate of the real one',
      twinCosts: gateCosts,
      hash,
      agree,
      aim: AIM,
    }),
    figureOf({ ...same, costs, twin: 'plugins on objects', twinCosts, hash, agree }),
  ];
}

function table(runs: readonly GateRun[]): string {
  return alignedTable(
    ['pods', 'us', 'pods/s', 'gate', 'ratio', 'on objects', 'ratio', 'hash', 'nodes chosen'],
    runs.map((one) => {
      const [gate, objects] = figuresOf(one);
      return [
        one.one.name,
        gate!.value.toFixed(1),
        (US_PER_S / gate!.value).toFixed(0),
        `${one.one.gate} pods/s`,
        gate!.ratio.toFixed(0),
        objects!.twinValue.toFixed(0),
        objects!.ratio.toFixed(0),
        gate!.hash,
        one.agree ? 'same' : 'DIFFER',
      ];
    }),
  );
}

function main(args: readonly string[]): void {
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
  const cases = GATE_CASES.filter(({ name }) => name === (only ?? name));
  const full: Size = {
    nodes: NODES,
    share: 1,
    rounds: ROUNDS,
    warm: WARM_ROUNDS,
    budgetUs: TWIN_BUDGET_US,
  };
  const runs = args.includes('--smoke') ? smokeRuns() : cases.map((one) => run(one, full));
  if (args.includes('--json')) printFigures(runs.flatMap(figuresOf));
  else console.log(table(runs));
  if (runs.some(({ agree }) => !agree)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
