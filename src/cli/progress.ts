/**
 * How far an experiment has come, for whoever waits at the terminal. Nothing for what takes less than a second; then a bar
 * on a screen, and a line now and then where nothing can be written over.
 */

import { SingleBar } from 'cli-progress';
import type { Cell } from '../experiment/cells.ts';
import type { CellWatcher } from '../experiment/node/cell-pool.ts';
import type { Terminal } from './terminal.ts';

const PATIENCE_MS = 1_000;
const LINE_EVERY_MS = 2_000;

export class Progress implements CellWatcher {
  private readonly terminal: Terminal;
  private readonly cellCount: number;
  private readonly startMs = Date.now();
  private readonly fractions = new Map<number, number>();
  private finishedCount = 0;
  private bar: SingleBar | undefined;
  private lineMs = 0;

  constructor(terminal: Terminal, cellCount: number) {
    this.terminal = terminal;
    this.cellCount = cellCount;
  }

  progressed(cell: Cell, fraction: number): void {
    this.fractions.set(cell.index, fraction);
    this.show(cell);
  }

  finished(cell: Cell): void {
    this.fractions.delete(cell.index);
    this.finishedCount += 1;
    this.show(cell);
  }

  stop(): void {
    this.bar?.stop();
  }

  private show({ variant, seed }: Cell): void {
    const nowMs = Date.now();
    if (nowMs - this.startMs < PATIENCE_MS) return;
    const latest = `${variant}, seed ${seed}`;
    if (this.terminal.isScreen) {
      this.bar ??= this.startBar(latest);
      this.bar.update(this.done(), { finished: this.finishedCount, latest });
    } else if (nowMs - this.lineMs >= LINE_EVERY_MS) {
      this.lineMs = nowMs;
      const percent = Math.floor((100 * this.done()) / this.cellCount);
      const finished = `${this.finishedCount} of ${this.cellCount} runs finished`;
      this.terminal.err(`${percent} %, ${finished} (${latest})\n`);
    }
  }

  /** In cells, those that run counted by their share. */
  private done(): number {
    return [...this.fractions.values()].reduce((sum, share) => sum + share, this.finishedCount);
  }

  private startBar(latest: string): SingleBar {
    const bar = new SingleBar({
      format: '{bar} {percentage} %, {finished} of {total} runs, {duration_formatted} ({latest})',
      stream: process.stderr,
      gracefulExit: false,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 24,
    });
    bar.start(this.cellCount, this.done(), { finished: this.finishedCount, latest });
    return bar;
  }
}

export const SILENT: CellWatcher = { progressed: () => {}, finished: () => {} };
