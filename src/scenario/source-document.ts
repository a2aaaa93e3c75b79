/**
 * The text of a scenario as a tree whose nodes know their place. Values that `--set` wrote are in the same tree and are
 * placed at the option that wrote them.
 */

import {
  Document,
  LineCounter,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  visit,
} from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';
import type { Fault } from '../base/scenario-error.ts';
import type { Path } from './path.ts';

export type Place = Pick<Fault, 'file' | 'line' | 'column'>;

interface Step {
  /** The key, where the container is a map. */
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

export class SourceDocument {
  readonly file: string;
  readonly root: Document;
  /** Broken YAML; when `readable` is false, nothing else can be said about the file. */
  readonly faults: readonly Fault[];
  readonly readable: boolean;
  readonly #lines = new LineCounter();
  /** Nodes that came from an option, and the option. */
  readonly #options = new WeakMap<Node, string>();

  constructor(text: string, file: string) {
    this.file = file;
    this.root = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      stringKeys: true,
    });
    const broken = this.root.errors.find((error) => error.code !== 'DUPLICATE_KEY');
    const repeated = this.root.errors.filter((error) => error.code === 'DUPLICATE_KEY');
    // What follows the first break is mostly its echo.
    const faults = (broken === undefined ? repeated : [broken]).map((error): Fault => {
      const offset = error.pos[0];
      const message =
        error === broken
          ? `broken YAML: ${firstLower(error.message)}${bracketHint(text, offset)}`
          : `duplicate key "${/^[^\s:]*/.exec(text.slice(offset))![0]}"`;
      return { ...this.#placeOf(offset), path: '', message };
    });
    const aliases = this.#unknownAliases();
    this.faults = [...faults, ...aliases];
    this.readable = broken === undefined && aliases.length === 0;
  }

  /** Maps, lists and scalars, with anchors followed. */
  toPlain(): unknown {
    return this.root.toJS({ maxAliasCount: -1 });
  }

  /** A node made from plain data that is placed at `option`. */
  createFromOption(value: unknown, option: string): Node {
    const node = this.root.createNode(value) as Node;
    this.#options.set(node, option);
    return node;
  }

  /** How many steps of the path exist. */
  depthOf(path: Path): number {
    return this.#walk(path).length;
  }

  /** True when everything on the path, as far as it exists, is a map: then the next key is merely absent. */
  isMapAllAlong(path: Path): boolean {
    return this.#walk(path).every(({ value }) => isMap(this.#follow(value)));
  }

  /** The place of the value or of its key; of the nearest part that exists, when the path does not. */
  placeOf(path: Path, at: 'key' | 'value'): Place {
    const steps = this.#walk(path);
    const option = steps
      .map(({ value }) => value && this.#options.get(value))
      .find((text) => text !== undefined);
    if (option !== undefined) return { file: option, line: 0, column: 0 };
    const missing = steps.length < path.length;
    for (let i = steps.length - 1; i >= 0; i--) {
      const { key, value } = steps[i]!;
      const node = at === 'key' || missing ? (key ?? value) : (value ?? key);
      const offset = node?.range?.[0];
      if (offset !== undefined) return this.#placeOf(offset);
    }
    return this.#placeOf(this.root.contents?.range?.[0] ?? 0);
  }

  /** The value at the end of `pair` or of an alias. */
  #follow(value: unknown): Node | undefined {
    if (isAlias(value)) return value.resolve(this.root);
    return isNode(value) ? value : undefined;
  }

  #walk(path: Path): Step[] {
    const steps: Step[] = [];
    let container = this.#follow(this.root.contents);
    for (const part of path) {
      const step = this.#stepInto(container, part);
      if (step === undefined) break;
      steps.push(step);
      container = this.#follow(step.value);
    }
    return steps;
  }

  #stepInto(container: Node | undefined, part: string | number): Step | undefined {
    if (isMap(container)) {
      const pair = pairOf(container, String(part));
      if (pair === undefined) return undefined;
      return {
        key: isNode(pair.key) ? pair.key : undefined,
        value: isNode(pair.value) ? pair.value : undefined,
      };
    }
    if (isSeq(container) && typeof part === 'number') {
      const value = container.items[part];
      return isNode(value) ? { key: undefined, value } : undefined;
    }
    return undefined;
  }

  #unknownAliases(): Fault[] {
    const faults: Fault[] = [];
    visit(this.root, {
      Alias: (_, alias) => {
        if (alias.resolve(this.root) !== undefined) return;
        const message = `no anchor &${alias.source} stands before this alias`;
        faults.push({ ...this.#placeOf(alias.range?.[0] ?? 0), path: '', message });
      },
    });
    return faults;
  }

  #placeOf(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** The pair of a map with that key. */
export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** `[spread[field=zone]]` is what people write first, and YAML takes the inner bracket for a list. */
function bracketHint(text: string, offset: number): string {
  const policy = /\[[A-Za-z]+=[^\]]*\]/.test(text.slice(offset).split('\n', 1)[0]!);
  return policy
    ? '; inside [ ], a policy with parameters needs quotes: ["spread[field=zone]"]'
    : '';
}

function firstLower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
