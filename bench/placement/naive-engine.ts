/** A node an object, filters and scores as functions; filter, map, sort, take the first: what one writes first. */

import { drawOneOf } from '../../src/placement/tie-rule.ts';
import type { Contestant, NaiveCluster, NaiveNode } from './contestants.ts';
import type { Draw } from '../../src/placement/tie-rule.ts';
import type { Engine } from './engine.ts';
import type { Load, Template } from './load.ts';

const FILTERS: readonly ((node: NaiveNode, template: Template) => boolean)[] = [
  ({ free }, { cpuMilli }) => free.cpu >= cpuMilli,
  ({ free }, { memoryBytes }) => free.memory >= memoryBytes,
  ({ free }, { gpus }) => free.gpu >= gpus,
  ({ free }) => free.pods >= 1,
];

export class NaiveEngine implements Engine, NaiveCluster {
  private readonly nodes: readonly NaiveNode[];
  private readonly templates: readonly Template[];
  readonly inZone: Map<string, number>[];
  private readonly contestant: Contestant;
  private readonly draw: Draw;

  constructor(load: Load, contestant: Contestant, draw: Draw) {
    this.nodes = load.hosts.map((host, id) => ({
      id,
      zone: `zone-${host.zone}`,
      capacity: { cpu: host.cpuMilli, memory: host.memoryBytes },
      free: { cpu: host.cpuMilli, memory: host.memoryBytes, gpu: host.gpus, pods: host.slots },
      tasks: new Map(),
    }));
    this.templates = load.templates;
    this.inZone = load.templates.map(() => new Map());
    this.contestant = contestant;
    this.draw = draw;
  }

  choose(number: number): number {
    const template = this.templates[number]!;
    const fits = (node: NaiveNode): boolean => FILTERS.every((filter) => filter(node, template));
    const feasible = this.nodes.filter(fits);
    if (feasible.length === 0) return -1;
    const { naive, scan } = this.contestant;
    if (scan === 'random') {
      const ids = this.nodes.map(({ id }) => id);
      return drawOneOf(ids, { isBest: (id) => fits(this.nodes[id]!) }, this.draw);
    }
    if (naive.length === 0) return feasible[0]!.id;
    const scored = feasible.map((node) => ({
      node,
      scores: naive.map((score) => score(node, template, number, this)),
    }));
    scored.sort((a, b) => compare(b.scores, a.scores) || a.node.id - b.node.id);
    return scored[0]!.node.id;
  }

  put(host: number, template: number): void {
    this.move(host, template, 1);
  }

  take(host: number, template: number): void {
    this.move(host, template, -1);
  }

  private move(host: number, number: number, sign: number): void {
    const { free, tasks, zone } = this.nodes[host]!;
    const { cpuMilli, memoryBytes, gpus } = this.templates[number]!;
    free.cpu -= sign * cpuMilli;
    free.memory -= sign * memoryBytes;
    free.gpu -= sign * gpus;
    free.pods -= sign;
    tasks.set(number, (tasks.get(number) ?? 0) + sign);
    const inZone = this.inZone[number]!;
    inZone.set(zone, (inZone.get(zone) ?? 0) + sign);
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
