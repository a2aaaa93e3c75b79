/**
 * Runs the steps of a whole case and compares every cycle with the real one: the node, how many nodes were looked at and how many
 * were feasible, who refused how many, and who was evicted. Tells the first cycle that differs.
 */

import { NominatedPods } from '../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { SchedulingCycle } from '../../../src/orchestration/kubernetes/framework/cycle.ts';
import { SchedulingWorld } from './scheduling-world.ts';
import { preempt } from '../../../src/orchestration/kubernetes/framework/preemption.ts';
import { profileOf } from '../../../src/orchestration/kubernetes/framework/profile.ts';
import { argumentsOfCase } from './arguments-of-case.ts';
import type { Pod } from './api-objects.ts';
import type { PodInfo } from '../../../src/orchestration/kubernetes/framework/pod-info.ts';
import type { Unfit } from '../../../src/orchestration/kubernetes/framework/cycle.ts';
import type { WholeCase } from './whole-case.ts';

type Rejection = readonly [plugin: string, code: string, nodes: number];

interface CycleAnswer {
  /** '' where the pod stays pending. */
  readonly node: string;
  readonly evaluated?: number;
  readonly feasible?: number;
  readonly rejected?: readonly Rejection[];
  readonly victims?: readonly string[];
}

// A pod that evicts others is tried again at once, with its nomination; more rounds than this mean a mistake.
const ROUNDS_MAX = 3;
// Pods that start in a run start a second apart.
const BETWEEN_STARTS_US = 1_000_000;

export function judgeWhole(input: unknown, output: unknown): string | undefined {
  const { cycles } = output as { readonly cycles: readonly CycleAnswer[] };
  const ours = new WholeRun(input as WholeCase).run();
  for (const [i, real] of cycles.entries()) {
    const [told, really] = [JSON.stringify(plain(ours[i]!)), JSON.stringify(plain(real))];
    if (told !== really) return `cycle ${i}: ${told}, really ${really}`;
  }
  return undefined;
}

function plain(answer: CycleAnswer): Required<CycleAnswer> {
  const { node, evaluated = 0, feasible = 0, rejected = [], victims = [] } = answer;
  return { node, evaluated, feasible, rejected: [...rejected].sort(byText), victims };
}

function byText(a: Rejection, b: Rejection): number {
  return a.join(' ') < b.join(' ') ? -1 : 1;
}

class WholeRun {
  private readonly input: WholeCase;
  private readonly world: SchedulingWorld;
  private readonly nominated = new NominatedPods();
  private readonly cycle: SchedulingCycle;
  /** On nodes, by name of the pod. */
  private readonly placed = new Map<string, { readonly pod: PodInfo; readonly node: string }>();
  private started = 0;

  constructor(input: WholeCase) {
    this.input = input;
    this.world = new SchedulingWorld(input.nodes, input.others);
    const profile = profileOf({ args: argumentsOfCase(input.pluginConfig) });
    const percentage = input.percentageOfNodesToScore ?? 0;
    this.cycle = new SchedulingCycle({ profile, percentage }, this.nominated);
  }

  run(): CycleAnswer[] {
    const answers: CycleAnswer[] = [];
    for (const step of this.input.steps) {
      if ('schedule' in step) answers.push(this.schedule(step.schedule));
      else if ('removePod' in step) this.remove(step.removePod);
      else if ('removeNode' in step) this.removeNode(step.removeNode);
      else this.world.addNode(step.addNode);
    }
    return answers;
  }

  private schedule(written: Pod): CycleAnswer {
    const { world } = this;
    let pod = world.pod(written);
    const victims: string[] = [];
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const snapshot = world.snapshot();
      if (pod.nominatedNode !== '') this.nominated.add(pod, pod.nominatedNode);
      const outcome = this.cycle.run(pod, snapshot, world.around);
      if (outcome.kind === 'no-nodes') return { node: '', victims };
      if (outcome.kind === 'placed') {
        const { name } = outcome.node.node;
        this.nominated.remove(pod.uid);
        this.start(pod, name);
        return { node: name, evaluated: outcome.evaluated, feasible: outcome.feasible, victims };
      }
      const eviction = preempt(pod, outcome, {
        snapshot,
        nominated: this.nominated,
        around: world.around,
      });
      if (eviction.kind !== 'preempts') return pending(outcome, victims);
      for (const victim of eviction.victims) {
        victims.push(victim.name);
        this.remove(victim.name);
      }
      victims.sort((a, b) => (a < b ? -1 : 1));
      pod = { ...pod, nominatedNode: eviction.node.node.name };
    }
    throw new Error(`expected a place for ${pod.name} after preemption; found none`);
  }

  private start(pod: PodInfo, node: string): void {
    const running = { ...pod, nominatedNode: '', startTimeUs: this.started * BETWEEN_STARTS_US };
    this.started++;
    this.world.add(running, node);
    this.placed.set(pod.name, { pod: running, node });
  }

  private remove(name: string): void {
    const found = this.placed.get(name);
    if (found === undefined) return;
    this.placed.delete(name);
    this.world.remove(found.pod, found.node);
  }

  private removeNode(name: string): void {
    for (const [pod, { node }] of this.placed) if (node === name) this.remove(pod);
    this.world.removeNode(name);
  }
}

function pending({ refusals }: Unfit, victims: readonly string[]): CycleAnswer {
  const counts = new Map<string, number>();
  for (const { plugin, code } of refusals.values()) {
    const key = `${plugin} ${code}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rejected = [...counts].map(([key, nodes]): Rejection => {
    const [plugin, code] = key.split(' ');
    return [plugin!, code!, nodes];
  });
  return { node: '', evaluated: refusals.size, rejected, victims };
}
