/**
 * A place in a file about ECS: JSON as the API has it (`containerDefinitions`) or a CloudFormation resource
 * (`ContainerDefinitions`), with intrinsic functions resolved where they can be.
 *
 * A value that only a deployment knows reads as absent and is noted with its place; numbers may be written as texts.
 */

import { resolved } from './intrinsics.ts';
import type { TemplateNames } from './intrinsics.ts';
import type { YamlCursor } from '../manifests/yaml-cursor.ts';

export interface EcsNote {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What cursors of one file share. */
export interface EcsSource {
  readonly names: TemplateNames;
  readonly notes: EcsNote[];
}

export class EcsCursor {
  readonly cursor: YamlCursor;
  private readonly source: EcsSource;
  private readonly value: unknown;

  constructor(cursor: YamlCursor, source: EcsSource) {
    this.cursor = cursor;
    this.source = source;
    this.value = resolved(cursor.raw, source.names);
    if (this.value === undefined && cursor.raw !== undefined) {
      this.note(`${cursor.pathText}: only a deployment knows this value; it is left out`);
    }
  }

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** By its name in the API, or the same with a capital. */
  get(key: string): EcsCursor {
    const capital = key[0]!.toUpperCase() + key.slice(1);
    const small = this.cursor.get(key);
    return new EcsCursor(small.isAbsent ? this.cursor.get(capital) : small, this.source);
  }

  items(): EcsCursor[] {
    return this.cursor.items().map((item) => new EcsCursor(item, this.source));
  }

  text(neutral = ''): string {
    if (this.isAbsent) return neutral;
    if (typeof this.value === 'string') return this.value;
    if (typeof this.value === 'number') return String(this.value);
    this.cursor.fault('a text');
    return neutral;
  }

  oneOf<Choice extends string>(choices: readonly Choice[], neutral: Choice): Choice {
    const text = this.text(neutral);
    const choice = choices.find((one) => one === text);
    if (choice === undefined) this.cursor.fault(`one of ${choices.join(', ')}`);
    return choice ?? neutral;
  }

  flag(neutral: boolean): boolean {
    if (this.isAbsent) return neutral;
    if (this.value === true || this.value === 'true') return true;
    if (this.value === false || this.value === 'false') return false;
    this.cursor.fault('true or false');
    return neutral;
  }

  whole(neutral: number): number {
    if (this.isAbsent) return neutral;
    const number = typeof this.value === 'string' ? Number(this.value) : this.value;
    if (Number.isSafeInteger(number) && (number as number) >= 0) return number as number;
    this.cursor.fault('a whole number of at least 0');
    return neutral;
  }

  number(neutral: number): number {
    if (this.isAbsent) return neutral;
    const number = typeof this.value === 'string' ? Number(this.value) : this.value;
    if (Number.isFinite(number)) return number as number;
    this.cursor.fault('a number');
    return neutral;
  }

  note(message: string): void {
    this.source.notes.push({ file: this.cursor.file, line: this.cursor.line, message });
  }
}
