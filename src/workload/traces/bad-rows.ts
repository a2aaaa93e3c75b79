/**
 * Keeps account of malformed rows: each is either handed to `reject` or becomes a fault, and none is dropped.
 * Reading goes on to the end of the file, so that one run reports every fault; the first 20 are listed, the rest counted.
 */

import { ScenarioError, type Fault } from '../../base/scenario-error.ts';
import type { RejectedRow } from './reader.ts';

const FAULTS_LISTED_MAX = 20;

export interface BadRowsOptions {
  readonly file: string;
  readonly skipBadRows: boolean;
  readonly reject: (row: RejectedRow) => void;
}

export class BadRows {
  private readonly options: BadRowsOptions;
  private readonly faults: Fault[] = [];
  private count = 0;

  constructor(options: BadRowsOptions) {
    this.options = options;
  }

  /** `field` names the column for people, or is '' when the whole row is wrong. `column` counts characters from 1. */
  add(line: number, column: number, field: string, text: string, message: string): void {
    this.count += 1;
    const { file, skipBadRows, reject } = this.options;
    if (skipBadRows) {
      reject({ file, line, text, reason: field === '' ? message : `${field}: ${message}` });
    } else if (this.faults.length < FAULTS_LISTED_MAX) {
      this.faults.push({ file, line, column, path: field, message });
    }
  }

  /** Stops here when the header is wrong: no row can be read then, skipped or not. */
  stop(line: number, message: string): never {
    throw new ScenarioError([{ file: this.options.file, line, column: 1, path: '', message }]);
  }

  /** Throws when rows were malformed and may not be skipped. */
  finish(): void {
    if (this.faults.length === 0) return;
    const hidden = this.count - this.faults.length;
    if (hidden > 0) {
      const message = `and ${hidden} more malformed rows, ${this.count} in all`;
      this.faults.push({ file: this.options.file, line: 0, column: 0, path: '', message });
    }
    throw new ScenarioError(this.faults);
  }
}
