/**
 * A hand-tuned loop over typed columns: what one writes when the objects are too slow. One formula a process, so that it is
 * compiled into the loop.
 */

import { drawOneOf } from '../../src/placement/tie-rule.ts';
import type { ColumnScore, Contestant } from './contestants.ts';
import type { Draw } from '../../src/placement/tie-rule.ts';
import type { Engine } from './engine.ts';
import type { Load } from './load.ts';

export class ScanEngine implements Engine {
  private readonly count: number;
  private readonly kind: Contestant['scan'];
  private readonly draw: Draw;
  private readonly rows: readonly number[];
  private readonly cpuAll: Int32Array;
  private readonly cpuFree: Int32Array;
  private readonly memoryAll: Float64Array;
  private readonly memoryFree: Float64Array;
  private readonly gpuFree: Int32Array;
  private readonly slotsFree: Int32Array;
  private readonly zone: Int32Array;
  private readonly cpu: Int32Array;
  private readonly memory: Float64Array;
  private readonly gpus: Int32Array;
  /** Tasks of each template, by host and by zone; filled where they are asked for. */
  private readonly onHost: Int32Array[];
  private readonly inZone: Int32Array[];
  private asked = 0;

  constructor({ hosts, templates }: Load, contestant: Contestant, draw: Draw) {
    this.count = hosts.length;
    this.kind = contestant.scan;
    this.draw = draw;
    this.rows = Array.from(hosts.keys());
    this.cpuAll = Int32Array.from(hosts, ({ cpuMilli }) => cpuMilli);
    this.cpuFree = this.cpuAll.slice();
    this.memoryAll = Float64Array.from(hosts, ({ memoryBytes }) => memoryBytes);
    this.memoryFree = this.memoryAll.slice();
    this.gpuFree = Int32Array.from(hosts, ({ gpus }) => gpus);
    this.slotsFree = Int32Array.from(hosts, ({ slots }) => slots);
    this.zone = Int32Array.from(hosts, ({ zone }) => zone);
    this.cpu = Int32Array.from(templates, ({ cpuMilli }) => cpuMilli);
    this.memory = Float64Array.from(templates, ({ memoryBytes }) => memoryBytes);
    this.gpus = Int32Array.from(templates, ({ gpus }) => gpus);
    const counted = this.kind === 'spread' ? templates : [];
    this.onHost = counted.map(() => new Int32Array(hosts.length));
    this.inZone = counted.map(() => new Int32Array(Math.max(...this.zone) + 1));
  }

  choose(template: number): number {
    const { kind } = this;
    if (kind === 'first') return this.first(template);
    if (kind === 'spread') return this.emptiest(template);
    if (kind !== 'random') return this.best(template, kind);
    if (this.first(template) < 0) return -1;
    this.asked = template;
    return drawOneOf(this.rows, this, this.draw);
  }

  put(host: number, template: number): void {
    this.move(host, template, 1);
  }

  take(host: number, template: number): void {
    this.move(host, template, -1);
  }

  /** Has the host room for the template asked for last? */
  isBest(host: number): boolean {
    const template = this.asked;
    return (
      this.cpuFree[host]! >= this.cpu[template]! &&
      this.memoryFree[host]! >= this.memory[template]! &&
      this.slotsFree[host]! > 0 &&
      this.gpuFree[host]! >= this.gpus[template]!
    );
  }

  private first(template: number): number {
    const { cpuFree, memoryFree, slotsFree, gpuFree, count } = this;
    const cpu = this.cpu[template]!;
    const memory = this.memory[template]!;
    const gpus = this.gpus[template]!;
    for (let host = 0; host < count; host++) {
      const hasRoom =
        cpuFree[host]! >= cpu &&
        memoryFree[host]! >= memory &&
        slotsFree[host]! > 0 &&
        gpuFree[host]! >= gpus;
      if (hasRoom) return host;
    }
    return -1;
  }

  private best(template: number, score: ColumnScore): number {
    const { cpuFree, cpuAll, memoryFree, memoryAll, slotsFree, gpuFree, count } = this;
    const cpu = this.cpu[template]!;
    const memory = this.memory[template]!;
    const gpus = this.gpus[template]!;
    let best = -1;
    let bestScore = -Infinity;
    for (let host = 0; host < count; host++) {
      const cpuHere = cpuFree[host]!;
      const memoryHere = memoryFree[host]!;
      if (cpuHere < cpu || memoryHere < memory) continue;
      if (slotsFree[host]! <= 0 || gpuFree[host]! < gpus) continue;
      const one = score(cpuHere, cpuAll[host]!, memoryHere, memoryAll[host]!, cpu, memory);
      if (one > bestScore) {
        best = host;
        bestScore = one;
      }
    }
    return best;
  }

  private emptiest(template: number): number {
    const { cpuFree, memoryFree, slotsFree, gpuFree, count, zone } = this;
    const cpu = this.cpu[template]!;
    const memory = this.memory[template]!;
    const gpus = this.gpus[template]!;
    const onHost = this.onHost[template]!;
    const inZone = this.inZone[template]!;
    let best = -1;
    let zoneLeast = Infinity;
    let hostLeast = Infinity;
    for (let host = 0; host < count; host++) {
      if (cpuFree[host]! < cpu || memoryFree[host]! < memory) continue;
      if (slotsFree[host]! <= 0 || gpuFree[host]! < gpus) continue;
      const here = inZone[zone[host]!]!;
      if (here > zoneLeast || (here === zoneLeast && onHost[host]! >= hostLeast)) continue;
      best = host;
      zoneLeast = here;
      hostLeast = onHost[host]!;
    }
    return best;
  }

  private move(host: number, template: number, sign: number): void {
    this.cpuFree[host]! -= sign * this.cpu[template]!;
    this.memoryFree[host]! -= sign * this.memory[template]!;
    this.slotsFree[host]! -= sign;
    this.gpuFree[host]! -= sign * this.gpus[template]!;
    if (this.kind !== 'spread') return;
    this.onHost[template]![host]! += sign;
    this.inZone[template]![this.zone[host]!]! += sign;
  }
}
