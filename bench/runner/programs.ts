/** The programs of `npm run bench`, in the order in which they run, from the core outwards. */

import { fileURLToPath } from 'node:url';
import { placementFigures } from '../placement/race-figures.ts';
import type { Figure } from './figure.ts';
import type { Race } from '../placement/race.ts';

export interface Program {
  /** Its file under bench/, without the ending. */
  readonly name: string;
  readonly question: string;
  /** From what it printed to figures, where it prints something else than figures. */
  readonly figures?: (printed: unknown) => readonly Figure[];
}

export const PROGRAMS: readonly Program[] = [
  {
    name: 'kernel/hold',
    question: 'one pop and one push of the event calendar, with 10 to 1,000,000 events pending',
  },
  {
    name: 'placement/place',
    question: 'one release and one placement at 80 % fill, by policy, hosts and templates',
    figures: (printed) => placementFigures(printed as readonly Race[]),
  },
  {
    name: 'placement/never-repeating',
    question: 'one release and one placement when no two requests are alike',
  },
  {
    name: 'placement/default-profile',
    question: 'one placement by the default profile of kube-scheduler',
  },
  {
    name: 'orchestration/kube-scheduler',
    question: "one pod of the real kube-scheduler's performance tests placed at 5,000 nodes",
  },
  {
    name: 'autoscaling/karpenter-solve',
    question: 'one solve of Karpenter for up to 20,000 waiting pods and a thousand types',
  },
  {
    name: 'autoscaling/karpenter-consolidation',
    question: 'a pass of consolidation over all nodes of a packed cluster',
  },
  {
    name: 'simulation/loop',
    question: 'the whole loop: tasks that arrive, are placed, run and leave',
  },
  { name: 'simulation/mmc', question: 'a queue M/M/c, beside SimPy where Python has it' },
  { name: 'report/write-rows', question: 'one row of tasks.csv written' },
  { name: 'workload/read-traces', question: 'one row of a trace file read into a task' },
];

export function fileOf(program: string): string {
  return fileURLToPath(new URL(`../${program}.ts`, import.meta.url));
}

/** Programs whose names hold the pattern; `*` stands for anything. All without a pattern. */
export function programsLike(pattern: string | undefined): readonly Program[] {
  if (pattern === undefined) return PROGRAMS;
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(parts.join('.*'));
  return PROGRAMS.filter(({ name }) => expression.test(name));
}
