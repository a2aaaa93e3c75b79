/**
 * A place in a YAML document, or in a plain value: its value, and its line and column for messages.
 *
 * Reading a value of the wrong type notes a fault and goes on with a neutral value, so that one pass finds all faults.
 * A missing key gives a cursor that is absent; reading it gives the neutral value without a fault. What was asked for is
 * remembered, so that the rest can be told (`unread`).
 */

import { LineCounter, isNode, parseAllDocuments, type Document, type Tags } from 'yaml';
import type { Fault } from '../../base/scenario-error.ts';

interface Source {
  readonly file: string;
  readonly faults: Fault[];
  /** Absent for a plain value, which has no lines. */
  readonly text?: { readonly document: Document; readonly lines: LineCounter };
  /** Keys that were asked for, by the map that has them. Absent where nobody wants to know. */
  readonly asked?: Map<object, Set<string>>;
}

/** From the inside out, so that a step costs the same however deep it is; undefined at the root. */
type Path = { readonly key: string | number; readonly parent: Path } | undefined;

export class YamlCursor {
  private readonly source: Source;
  private readonly path: Path;
  private readonly value: unknown;

  constructor(source: Source, path: Path, value: unknown) {
    this.source = source;
    this.path = path;
    this.value = value;
  }

  get file(): string {
    return this.source.file;
  }

  get line(): number {
    return this.position().line;
  }

  get column(): number {
    return this.position().column;
  }

  /** Such as `spec.containers[0].image`. */
  get pathText(): string {
    return pathText(this.path);
  }

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  get isMap(): boolean {
    return isRecord(this.value);
  }

  /** The value itself, for who reads it in a way of his own. */
  get raw(): unknown {
    return this.value;
  }

  /** Is it this very text, number or flag? */
  isValue(value: unknown): boolean {
    return this.value === value;
  }

  get(key: string): YamlCursor {
    const value = this.valueAt(key);
    if (!this.isMap && !this.isAbsent) this.fault('a map');
    return new YamlCursor(this.source, { key, parent: this.path }, value);
  }

  items(): YamlCursor[] {
    if (this.isAbsent) return [];
    if (!Array.isArray(this.value)) {
      this.fault('a list');
      return [];
    }
    const { path: parent, source } = this;
    return this.value.map((item, key) => new YamlCursor(source, { key, parent }, item));
  }

  entries(): [key: string, value: YamlCursor][] {
    if (this.isAbsent) return [];
    if (!isRecord(this.value)) {
      this.fault('a map');
      return [];
    }
    return Object.keys(this.value).map((key) => [key, this.get(key)]);
  }

  text(neutral = ''): string {
    if (this.isAbsent) return neutral;
    if (typeof this.value === 'string') return this.value;
    this.fault('a text (numbers and true/false need quotes)');
    return neutral;
  }

  oneOf<Choice extends string>(choices: readonly Choice[], neutral: Choice): Choice {
    const choice = choices.find((known) => known === this.value);
    if (choice === undefined && !this.isAbsent)
      this.fault(`one of ${choices.filter(Boolean).join(', ')}`);
    return choice ?? neutral;
  }

  flag(neutral = false): boolean {
    if (this.isAbsent) return neutral;
    if (typeof this.value === 'boolean') return this.value;
    this.fault('true or false');
    return neutral;
  }

  whole(neutral: number, least = 0): number {
    if (this.isAbsent) return neutral;
    if (Number.isSafeInteger(this.value) && (this.value as number) >= least) {
      return this.value as number;
    }
    this.fault(`a whole number of at least ${least}`);
    return neutral;
  }

  textOrNumber(): string | number {
    if (this.isAbsent) return '';
    if (typeof this.value === 'string' || typeof this.value === 'number') return this.value;
    this.fault('a quantity');
    return 0;
  }

  textMap(): Record<string, string> {
    const map: Record<string, string> = {};
    for (const [key, value] of this.entries()) map[key] = value.text();
    return map;
  }

  /** States what the author left out, as the API server does before anybody reads an object. */
  fill(key: string, value: unknown): void {
    if (isRecord(this.value)) this.value[key] ??= value;
  }

  /** Parts under here that nobody asked for, in the order of the text: of each the outermost only. */
  unread(): YamlCursor[] {
    const at = (key: string | number, value: unknown) =>
      new YamlCursor(this.source, { key, parent: this.path }, value);
    if (Array.isArray(this.value)) {
      return this.value.flatMap((item, index) => at(index, item).unread());
    }
    if (!isRecord(this.value)) return [];
    const asked = this.source.asked?.get(this.value);
    return Object.entries(this.value).flatMap(([key, value]) => {
      const part = at(key, value);
      if (part.isAbsent) return [];
      return asked?.has(key) ? part.unread() : [part];
    });
  }

  /** Notes that something else was expected here. */
  fault(expected: string): void {
    const found = this.isAbsent ? 'nothing' : JSON.stringify(this.value);
    const shown = found.length > 60 ? `${found.slice(0, 57)}...` : found;
    this.faultSaying(`expected ${expected}; found ${shown}`);
  }

  faultSaying(message: string): void {
    const { file, faults } = this.source;
    faults.push({ file, ...this.position(), path: pathText(this.path), message });
  }

  private valueAt(key: string): unknown {
    if (!isRecord(this.value)) return undefined;
    const { asked } = this.source;
    const keys = asked?.get(this.value);
    if (keys === undefined) asked?.set(this.value, new Set([key]));
    else keys.add(key);
    return this.value[key];
  }

  /** Of the value itself, or of the nearest part of the document that holds it: missing keys have no place. */
  private position(): { line: number; column: number } {
    const { text } = this.source;
    if (text === undefined) return { line: 1, column: 1 };
    const { document, lines } = text;
    const keys = keysOf(this.path);
    for (let length = keys.length; length >= 0; length--) {
      const node = document.getIn(keys.slice(0, length), true);
      if (!isNode(node) || !node.range) continue;
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
    return { line: 1, column: 1 };
  }
}

/** The roots of all documents that hold something. Faults of the YAML itself go to `faults`; `customTags` are those of a dialect. */
export function readYaml(
  file: string,
  text: string,
  faults: Fault[],
  customTags: Tags = [],
): YamlCursor[] {
  const lines = new LineCounter();
  const roots: YamlCursor[] = [];
  // The parser's own warnings go to the console otherwise.
  const options = { lineCounter: lines, merge: true, logLevel: 'error', customTags } as const;
  for (const document of parseAllDocuments(text, options)) {
    let lineBefore = 0;
    for (const error of document.errors) {
      const { line, col } = lines.linePos(error.pos[0]);
      if (line === lineBefore) continue; // One mistake often makes several errors on its line.
      lineBefore = line;
      const message = error.message.split(' at line ')[0]!;
      faults.push({ file, line, column: col, path: '', message: `not YAML: ${message}` });
    }
    if (document.errors.length > 0) continue;
    const asked = new Map<object, Set<string>>();
    const source = { file, faults, text: { document, lines }, asked };
    const root = new YamlCursor(source, undefined, document.toJS());
    if (!root.isAbsent) roots.push(root);
  }
  return roots;
}

/** A value that was parsed elsewhere, such as JSON of the API. What is asked for is not remembered. */
export function plainCursor(file: string, value: unknown, faults: Fault[]): YamlCursor {
  return new YamlCursor({ file, faults }, undefined, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keysOf(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at = path; at !== undefined; at = at.parent) keys.push(at.key);
  return keys.reverse();
}

function pathText(path: Path): string {
  return keysOf(path)
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`))
    .join('');
}
