/**
 * A full pass of single-node consolidation: every node of a packed cluster is taken away in thought, its pods are placed anew,
 * and a cheaper node is looked for.
 *
 * Twin       the same solver asked for each probe by itself: it sees the nodes anew, and compares every offering of every type.
 *            On a tenth of the nodes, spread over all: its cost is that of a probe times the nodes.
 * Check      the answers are those of plain loops over nodes and types (plain-probe.ts), which only know plain pods.
 * Real one   a user of Karpenter measured 0.93 s a probe at 1,000 nodes, so 18 minutes for such a pass, which is cut at 3.
 *            That is another program on another machine: told beside, not compared.
 * Hash       of all answers.
 * Run        npx tsx bench/autoscaling/karpenter-consolidation.ts [--smoke] [--json]
 */

import { pathToFileURL } from 'node:url';
import { PLAIN_SETTINGS } from '../../src/autoscaling/karpenter/settings.ts';
import { PassNodes } from '../../src/autoscaling/karpenter/disruption/pass-nodes.ts';
import { ProbeClock } from '../../src/autoscaling/karpenter/disruption/probe-clock.ts';
import { US_PER_HOUR } from '../../src/base/units.ts';
import { alignedTable } from '../aligned-table.ts';
import { candidatesOf, podsOn } from '../../src/autoscaling/karpenter/disruption/candidate.ts';
import {
  cheaperThan,
  consolidate,
} from '../../src/autoscaling/karpenter/disruption/consolidation.ts';
import { figureOf, printFigures } from '../runner/figure.ts';
import { packedCluster } from './packed-cluster.ts';
import { podOf } from '../../src/autoscaling/karpenter/pod.ts';
import { plainAnswers } from './plain-probe.ts';
import type { Answer } from './plain-probe.ts';
import type { Figure } from '../runner/figure.ts';
import type { PackedCluster } from './packed-cluster.ts';

const FULL_NODES = [200, 1_000];
const SMOKE_NODES = [20];
const ROUNDS = 5;
const TWIN_STEP = 10;
const REAL_SECONDS_A_PROBE = 0.93;
const TWIN_AIM = { atLeast: 5 };

interface PassResult {
  readonly seconds: number;
  readonly answers: readonly Answer[];
}

export interface Round {
  readonly nodes: number;
  readonly pods: number;
  readonly ours: PassResult;
  /** Of every tenth node alone. */
  readonly twin: PassResult;
  readonly plain: readonly Answer[];
}

export function passBoth(nodes: number): Round {
  const scene = packedCluster(nodes);
  // What is made once for a run: types, and their prices.
  void scene.provisioner.templates;
  const ours = timed(() => pass(scene));
  const twin = timed(() => probesAlone(scene));
  return { nodes, pods: scene.pods, ours, twin, plain: plainAnswers(scene) };
}

function probesAlone({ provisioner, cluster }: PackedCluster): Answer[] {
  const answers: Answer[] = [];
  for (let host = 0; host < cluster.hosts.count; host += TWIN_STEP) {
    const pods = podsOn(cluster, host).map((task) => podOf(cluster, task, true));
    const { claims, unplaced } = provisioner.plan(pods, new Set([host]));
    const [claim] = claims;
    const price = cluster.hosts.priceNanoUsdPerHour[host]!;
    if (unplaced.length > 0 || claims.length > 1) answers.push('none');
    else if (claim === undefined) answers.push('delete');
    else answers.push(cheaperThan(price, claim.types, claim.requirements).length || 'none');
  }
  return answers;
}

function pass({ provisioner }: PackedCluster): Answer[] {
  const nowUs = US_PER_HOUR;
  const around = {
    nowUs,
    civilNowUs: nowUs,
    settings: PLAIN_SETTINGS,
    leaving: new Set<number>(),
    isNominated: () => false,
  };
  const candidates = candidatesOf(provisioner, around);
  const all = {
    ...around,
    provisioner,
    candidates,
    podsToPlace: [],
    nodes: new PassNodes(provisioner, nowUs),
    clock: new ProbeClock(0),
    unseenPools: new Set<string>(),
  };
  const answers: Answer[] = [];
  for (const candidate of candidates) {
    const outcome = consolidate(all, [candidate]);
    answers[candidate.host] =
      outcome === undefined ? 'none' : (outcome.replacement?.types.length ?? 'delete');
  }
  return answers;
}

function timed(run: () => Answer[]): PassResult {
  const start = process.cpuUsage();
  const answers = run();
  const { user, system } = process.cpuUsage(start);
  return { seconds: (user + system) / 1e6, answers };
}

function hashOf(answers: readonly Answer[]): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(answers.join(' '))) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function isSame({ ours, twin, plain }: Round): boolean {
  const some = ours.answers.filter((_, host) => host % TWIN_STEP === 0);
  return ours.answers.join(' ') === plain.join(' ') && some.join(' ') === twin.answers.join(' ');
}

export function passFigures(rounds: readonly (readonly Round[])[]): Figure[] {
  return rounds.map((same) => {
    const [{ nodes, pods, ours }] = same as [Round];
    return figureOf({
      name: 'consolidation pass',
      workload: `${pods} pods, packed`,
      size: `${nodes} nodes`,
      unit: 's',
      costs: same.map((round) => round.ours.seconds),
      twin: 'each probe by itself',
      twinCosts: same.map((round) => round.twin.seconds * TWIN_STEP),
      hash: hashOf(ours.answers),
      agree: same.every(isSame),
      ...(nodes < 1_000 ? {} : { aim: TWIN_AIM }),
    });
  });
}

function table(figures: readonly Figure[]): string {
  const titles = ['nodes', 'pass, s', 'a probe, ms', 'twin, s', 'twin/pass', 'the real one, s', ''];
  return alignedTable(
    titles,
    figures.map(({ size, value, twinValue, ratio, agree }) => {
      const nodes = Number.parseInt(size, 10);
      return [
        String(nodes),
        value.toFixed(3),
        ((value * 1e3) / nodes).toFixed(3),
        twinValue.toFixed(2),
        ratio.toFixed(1),
        nodes === 1_000 ? (REAL_SECONDS_A_PROBE * nodes).toFixed(0) : '',
        agree ? 'same' : 'DIFFERS',
      ];
    }),
  );
}

function main(args: readonly string[]): void {
  const isSmoke = args.includes('--smoke');
  const rounds = (isSmoke ? SMOKE_NODES : FULL_NODES).map((nodes) =>
    Array.from({ length: isSmoke ? 1 : ROUNDS }, () => passBoth(nodes)),
  );
  const figures = passFigures(rounds);
  if (args.includes('--json')) printFigures(figures);
  else console.log(table(figures));
  if (figures.some(({ agree }) => !agree)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
