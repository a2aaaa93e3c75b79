/** Collects faults by path, finds their places, drops repetitions and puts them in the order of the file. */

import { ScenarioError } from '../base/scenario-error.ts';
import type { Fault } from '../base/scenario-error.ts';
import { pathToText } from './path.ts';
import type { Path } from './path.ts';
import type { SourceDocument } from './source-document.ts';

export class FaultList {
  readonly #document: SourceDocument;
  readonly #faults = new Map<string, Fault>();

  constructor(document: SourceDocument) {
    this.#document = document;
  }

  add(fault: Fault): void {
    const { file, line, column, message } = fault;
    const key = JSON.stringify([file, line, column, fault.path, message]);
    if (!this.#faults.has(key)) this.#faults.set(key, fault);
  }

  /** A fault at a path of the document. */
  report(path: Path, message: string, at: 'key' | 'value' = 'value'): void {
    this.add({ ...this.#document.placeOf(path, at), path: pathToText(path), message });
  }

  /**
   * A fault in the settings of a variant, which are the scenario's with some of the variant's own merged in. It is
   * placed in the variant when the variant wrote the value or replaced what would hold it, else in the scenario.
   */
  reportInSettings(
    variant: string,
    path: Path,
    message: string,
    at: 'key' | 'value' = 'value',
  ): void {
    const own: Path = ['variants', variant, ...path];
    const ownDepth = this.#document.depthOf(own) - 2;
    const replaced = ownDepth > 0 && !this.#document.isMapAllAlong(own);
    const inScenario = !replaced && (ownDepth === 0 || this.#document.depthOf(path) > ownDepth);
    this.report(inScenario ? path : own, message, at);
  }

  any(): boolean {
    return this.#faults.size > 0;
  }

  sorted(): Fault[] {
    return [...this.#faults.values()].sort(
      (a, b) =>
        Number(a.file !== this.#document.file) - Number(b.file !== this.#document.file) ||
        a.line - b.line ||
        a.column - b.column ||
        order(a.path, b.path) ||
        order(a.message, b.message),
    );
  }

  error(): ScenarioError {
    return new ScenarioError(this.sorted());
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
