/**
 * The default profile as one writes it first: a node an object, plugins as functions that filter, score and normalise, with the
 * same sampling of nodes. Written from the clauses (kubernetes.md 1.3 to 1.9), not from the engine's code.
 */

import type { Engine } from './engine.ts';
import type { Load, Template } from './load.ts';

interface Node {
  readonly id: number;
  readonly zone: string;
  readonly capacity: { readonly cpu: number; readonly memory: number };
  readonly free: { cpu: number; memory: number; gpu: number; pods: number };
  /** Pods by Deployment. */
  readonly pods: Map<number, number>;
}

interface Pod extends Template {
  readonly deployment: number;
}

interface ScorePlugin {
  readonly weight: number;
  score(node: Node, pod: Pod, found: readonly Node[]): number;
  normalise?(scores: readonly number[]): number[];
}

type Filter = (node: Node, pod: Pod) => boolean;

const FILTERS: readonly Filter[] = [
  ({ free }) => free.pods >= 1,
  ({ free }, { cpuMilli }) => free.cpu >= cpuMilli,
  ({ free }, { memoryBytes }) => free.memory >= memoryBytes,
  ({ free }, { gpus }) => free.gpu >= gpus,
];

const leastAllocated: ScorePlugin = {
  weight: 1,
  score({ free, capacity }, { cpuMilli, memoryBytes }) {
    const cpu = Math.floor(((free.cpu - cpuMilli) * 100) / capacity.cpu);
    const memory = Math.floor(((free.memory - memoryBytes) * 100) / capacity.memory);
    return Math.floor((cpu + memory) / 2);
  },
};

const balancedAllocation: ScorePlugin = {
  weight: 1,
  score({ free, capacity }, { cpuMilli, memoryBytes }) {
    const balance = (cpu: number, memory: number): number =>
      Math.floor((1 - Math.abs(cpu / capacity.cpu - memory / capacity.memory) / 2) * 100);
    const used = { cpu: capacity.cpu - free.cpu, memory: capacity.memory - free.memory };
    const before = balance(used.cpu, used.memory);
    const after = balance(used.cpu + cpuMilli, used.memory + memoryBytes);
    return 50 + Math.trunc((50 + after - before) / 2);
  },
};

export class ObjectsEngine implements Engine {
  nextStart = 0;
  private readonly nodes: readonly Node[];
  private readonly order: readonly Node[];
  private readonly pods: readonly Pod[];
  private readonly inZone: readonly Map<string, number>[];
  private readonly percentage: number;
  private readonly scores: readonly ScorePlugin[];

  constructor(load: Load, percentage: number) {
    this.nodes = load.hosts.map((host, id) => ({
      id,
      zone: `zone-${host.zone}`,
      capacity: { cpu: host.cpuMilli, memory: host.memoryBytes },
      free: { cpu: host.cpuMilli, memory: host.memoryBytes, gpu: host.gpus, pods: host.slots },
      pods: new Map(),
    }));
    // The zones of a load take turns, so that the list of nodes is interleaved as it stands.
    this.order = this.nodes;
    this.pods = load.templates.map((template, deployment) => ({ ...template, deployment }));
    this.inZone = load.templates.map(() => new Map());
    this.percentage = percentage;
    this.scores = [leastAllocated, balancedAllocation, this.topologySpread()];
  }

  choose(number: number): number {
    const pod = this.pods[number]!;
    const found = this.findFeasible(pod);
    if (found.length <= 1) return found[0]?.id ?? -1;
    const totals = found.map(() => 0);
    for (const plugin of this.scores) {
      const raw = found.map((node) => plugin.score(node, pod, found));
      const scores = plugin.normalise?.(raw) ?? raw;
      scores.forEach((one, i) => (totals[i]! += plugin.weight * one));
    }
    return found[heapRoot(totals)]!.id;
  }

  put(host: number, template: number): void {
    this.move(host, template, 1);
  }

  take(host: number, template: number): void {
    this.move(host, template, -1);
  }

  private findFeasible(pod: Pod): Node[] {
    const { order, percentage, nextStart } = this;
    const count = order.length;
    const percent = percentage === 0 ? Math.max(5, 50 - Math.floor(count / 125)) : percentage;
    const wanted = count < 100 ? count : Math.max(100, Math.floor((count * percent) / 100));
    const found: Node[] = [];
    let visited = 0;
    for (; visited < count; visited++) {
      const node = order[(nextStart + visited) % count]!;
      if (!FILTERS.every((filter) => filter(node, pod))) continue;
      if (found.length === wanted) break;
      found.push(node);
    }
    this.nextStart = (nextStart + visited) % count;
    return found;
  }

  /** A Deployment's system defaults: maxSkew 3 over host names, 5 over zones. */
  private topologySpread(): ScorePlugin {
    let forNodes: readonly Node[] = [];
    let hostWeight = 0;
    let zoneWeight = 0;
    return {
      weight: 2,
      score: (node, { deployment }, found) => {
        if (found !== forNodes) {
          forNodes = found;
          hostWeight = Math.log(found.length + 2);
          zoneWeight = Math.log(new Set(found.map(({ zone }) => zone)).size + 2);
        }
        const onHost = node.pods.get(deployment) ?? 0;
        const inZone = this.inZone[deployment]!.get(node.zone) ?? 0;
        return Math.round(onHost * hostWeight + 2 + (inZone * zoneWeight + 4));
      },
      normalise(raw) {
        const max = raw.reduce((a, b) => Math.max(a, b));
        const min = raw.reduce((a, b) => Math.min(a, b));
        return raw.map((one) => (max === 0 ? 100 : Math.floor((100 * (max + min - one)) / max)));
      },
    };
  }

  private move(host: number, number: number, sign: number): void {
    const { free, pods, zone } = this.nodes[host]!;
    const { cpuMilli, memoryBytes, gpus } = this.pods[number]!;
    free.cpu -= sign * cpuMilli;
    free.memory -= sign * memoryBytes;
    free.gpu -= sign * gpus;
    free.pods -= sign;
    pods.set(number, (pods.get(number) ?? 0) + sign);
    const inZone = this.inZone[number]!;
    inZone.set(zone, (inZone.get(zone) ?? 0) + sign);
  }
}

/** Go's container/heap after Init, higher first: where the root came from. */
function heapRoot(scores: readonly number[]): number {
  const heap = scores.map((score, place) => ({ score, place }));
  for (let from = (heap.length >> 1) - 1; from >= 0; from--) {
    for (let i = from; 2 * i + 1 < heap.length;) {
      let child = 2 * i + 1;
      if (child + 1 < heap.length && heap[child + 1]!.score > heap[child]!.score) child++;
      if (heap[child]!.score <= heap[i]!.score) break;
      [heap[i], heap[child]] = [heap[child]!, heap[i]!];
      i = child;
    }
  }
  return heap[0]!.place;
}
