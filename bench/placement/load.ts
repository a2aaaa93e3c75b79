/**
 * What every engine of the benchmark is given: hosts, request templates, and the same sequence of releases and placements.
 *
 * Hosts      five types; 5 % have 8 GPUs; three zones in turn.
 * Templates  0.1 to 4 cores with 0.5 to 8 GiB a core, some of the few wanted often (weight 1 / (1 + 0.3 i)); 4 % want GPUs,
 *            rarely. Half of the drawing is by a table, so that it costs nothing while the clock runs.
 * Fill       templates are placed until CPU or memory is 80 % full; then each step ends a random task and places another.
 */

import { Streams } from '../../src/random/streams.ts';
import { GIB, MIB } from '../../src/base/units.ts';

const SEED = 42;
const FILL = 0.8;
const ZONES = 3;

/** Milli-cores, bytes, GPUs, slots, share of the hosts. */
const TYPES = [
  [4_000, 16 * GIB, 0, 58, 0.3],
  [8_000, 32 * GIB, 0, 58, 0.3],
  [16_000, 64 * GIB, 0, 110, 0.25],
  [32_000, 128 * GIB, 0, 110, 0.1],
  [64_000, 512 * GIB, 8, 250, 0.05],
] as const;
const CPU_MILLI = [100, 250, 500, 1_000, 2_000, 4_000];
const CPU_SHARES = [0.15, 0.25, 0.25, 0.2, 0.1, 0.05];
const MIB_PER_CORE = [512, 1_024, 2_048, 4_096, 8_192];

export interface HostShape {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly gpus: number;
  readonly slots: number;
  readonly zone: number;
}

export interface Template {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly gpus: number;
}

export interface Load {
  readonly hosts: readonly HostShape[];
  readonly templates: readonly Template[];
  /** Template of each task; the first `filled` are placed before the clock starts. */
  readonly templateOf: Int32Array;
  readonly filled: number;
  /** The task that ends in each step. */
  readonly endingTask: Int32Array;
}

export interface LoadSize {
  readonly hosts: number;
  readonly templates: number;
  readonly steps: number;
  /** Every step brings a template that no other has. */
  readonly neverRepeating?: boolean;
}

type Draw = () => number;

function pick(shares: readonly number[], draw: Draw): number {
  let left = draw() * shares.reduce((a, b) => a + b, 0);
  let at = 0;
  while (at < shares.length - 1 && left >= shares[at]!) left -= shares[at++]!;
  return at;
}

function drawHosts(count: number, draw: Draw): HostShape[] {
  const shares = TYPES.map((type) => type[4]);
  return Array.from({ length: count }, (_, host) => {
    const [cpuMilli, memoryBytes, gpus, slots] = TYPES[pick(shares, draw)]!;
    return { cpuMilli, memoryBytes, gpus, slots, zone: host % ZONES };
  });
}

function drawTemplate(draw: Draw): Template {
  const cpuMilli = CPU_MILLI[pick(CPU_SHARES, draw)]!;
  const perCore = MIB_PER_CORE[Math.floor(draw() * MIB_PER_CORE.length)]!;
  const memory = Math.max(128, Math.round(((cpuMilli / 1_000) * perCore) / 64) * 64);
  const gpus = draw() < 0.04 ? [1, 1, 2, 4][Math.floor(draw() * 4)]! : 0;
  return { cpuMilli, memoryBytes: memory * MIB, gpus };
}

/** Like `drawTemplate`, but no two alike. */
function drawUnlike(number: number, draw: Draw): Template {
  const cpuMilli = 10 + Math.floor(draw() * draw() * 3_990);
  return {
    cpuMilli,
    memoryBytes: (128 + Math.floor(draw() * 16 * cpuMilli)) * MIB + number,
    gpus: 0,
  };
}

export function drawLoad({
  hosts: count,
  templates: kinds,
  steps,
  neverRepeating,
}: LoadSize): Load {
  const stream = new Streams(SEED).open(`placement/${count}/${kinds}`);
  const draw = (): number => stream.next();
  const hosts = drawHosts(count, draw);
  const templates = Array.from({ length: kinds }, () => drawTemplate(draw));
  const table = weightTable(templates);
  const drawKind = (): number => table[Math.floor(draw() * table.length)]!;

  let cpuLeft = FILL * hosts.reduce((sum, host) => sum + host.cpuMilli, 0);
  let memoryLeft = FILL * hosts.reduce((sum, host) => sum + host.memoryBytes, 0);
  const templateOf: number[] = [];
  while (cpuLeft > 0 && memoryLeft > 0) {
    const kind = drawKind();
    cpuLeft -= templates[kind]!.cpuMilli;
    memoryLeft -= templates[kind]!.memoryBytes;
    templateOf.push(kind);
  }
  const filled = templateOf.length;
  const live = Int32Array.from(templateOf.keys());
  const endingTask = new Int32Array(steps);
  for (let step = 0; step < steps; step++) {
    const at = Math.floor(draw() * live.length);
    endingTask[step] = live[at]!;
    live[at] = templateOf.length;
    if (neverRepeating === true) templateOf.push(templates.push(drawUnlike(step, draw)) - 1);
    else templateOf.push(drawKind());
  }
  return { hosts, templates, templateOf: Int32Array.from(templateOf), filled, endingTask };
}

function weightTable(templates: readonly Template[]): Int32Array {
  const weights = templates.map(({ gpus }, i) => (gpus > 0 ? 0.02 : 1) / (1 + 0.3 * i));
  const sum = weights.reduce((a, b) => a + b, 0);
  const table = new Int32Array(65_536);
  let kind = 0;
  let reached = weights[0]!;
  for (let i = 0; i < table.length; i++) {
    while (reached < ((i + 0.5) / table.length) * sum && kind < weights.length - 1) {
      reached += weights[++kind]!;
    }
    table[i] = kind;
  }
  return table;
}
