/**
 * `--set PATH=VALUE`: writes one value into the document before it is read, so that it is checked like the rest.
 *
 *   PATH    keys joined by dots; entries of a list by position, `zones[0]`, or by the name they carry,
 *           `workload.api.replicas`: the one key that says the kind of an entry is stepped over
 *   VALUE   YAML: `5`, `90s`, `[a, b]`, `{median: 6m, p95: 40m}`
 *
 * Missing maps on the way are made, so that a key that the file left out can be given. Whether the key exists in the
 * grammar is the schema's business; a variant that is not in the file and a list entry that is not there are faults.
 */

import { isAlias, isMap, isScalar, isSeq, parseDocument, Pair } from 'yaml';
import type { Node, YAMLMap, YAMLSeq } from 'yaml';
import type { Fault } from '../base/scenario-error.ts';
import { didYouMean } from './did-you-mean.ts';
import { pairOf } from './source-document.ts';
import type { SourceDocument } from './source-document.ts';

export interface Override {
  readonly path: string;
  /** YAML text. */
  readonly value: string;
}

/** Applies the override; the fault says why it could not be. */
export function applyOverride(document: SourceDocument, override: Override): Fault | undefined {
  const option = `--set ${override.path}=${override.value}`;
  const fault = (message: string): Fault => {
    return { file: option, line: 0, column: 0, path: '', message };
  };
  const parts = partsOf(override.path);
  if (parts.includes('')) {
    return fault(`expected a path such as workload.api.replicas, found "${override.path}"`);
  }
  const parsed = parseDocument(override.value, { prettyErrors: false, stringKeys: true });
  if (parsed.errors.length > 0) {
    return fault(`expected a YAML value, found "${override.value}"`);
  }
  if (!isMap(document.root.contents)) return undefined; // Said when the document is read.

  const value = document.createFromOption(parsed.toJS(), option);
  let container: YAMLMap | YAMLSeq = document.root.contents;
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    const slot = slotOf(document, container, part, last ? value : undefined);
    const walked = parts.slice(0, i).join('.');
    if (slot === undefined) return fault(missing(container, part, walked));
    if (last) {
      slot.set(value);
      return undefined;
    }
    let next = ownNode(document, slot);
    if (next === undefined) {
      if (walked === 'variants') return fault(missing(container, part, walked));
      next = document.createFromOption({}, option);
      slot.set(next);
    }
    if (!isMap(next) && !isSeq(next)) {
      return fault(
        `${parts.slice(0, i + 1).join('.')} is no map or list and has no part "${parts[i + 1]}"`,
      );
    }
    container = next;
  }
  return undefined;
}

/** Names of assumed parameters have dots of their own: what follows `assumptions` is one key. */
function partsOf(path: string): string[] {
  const assumed = /^((?:variants\.[^.]+\.)?assumptions)\.(.+)$/.exec(path);
  if (assumed !== null) return [...assumed[1]!.split('.'), assumed[2]!];
  return path.replace(/\[(\d+)\]/g, '.$1').split('.');
}

/** One place in a container that can be read and written. */
interface Slot {
  get(): unknown;
  set(value: Node): void;
}

function slotOf(
  document: SourceDocument,
  container: YAMLMap | YAMLSeq,
  part: string,
  value: Node | undefined,
): Slot | undefined {
  if (isMap(container)) {
    const map = container;
    return {
      get: () => pairOf(map, part)?.value,
      set: (node) => {
        const pair = pairOf(map, part);
        if (pair === undefined) map.items.push(new Pair(document.root.createNode(part), node));
        else pair.value = node;
      },
    };
  }
  const list = container;
  if (/^\d+$/.test(part)) {
    const index = Number(part);
    if (index >= list.items.length) return undefined;
    return {
      get: () => list.items[index],
      set: (node) => void (list.items[index] = node),
    };
  }
  const named = list.items.findIndex((item) => entryName(item) === part);
  if (named < 0) return undefined;
  const entry = list.items[named];
  // `service: {name: api, ...}`: what carries the name is inside.
  const inner = isMap(entry) && pairOf(entry, 'name') === undefined ? entry.items[0] : undefined;
  if (inner === undefined || value !== undefined) {
    return { get: () => list.items[named], set: (node) => void (list.items[named] = node) };
  }
  return { get: () => inner.value, set: (node) => void (inner.value = node) };
}

function entryName(item: unknown): string | undefined {
  if (!isMap(item)) return undefined;
  const own = pairOf(item, 'name')?.value;
  if (isScalar(own)) return String(own.value);
  const inner = item.items.length === 1 ? item.items[0]!.value : undefined;
  const innerName = isMap(inner) ? pairOf(inner, 'name')?.value : undefined;
  return isScalar(innerName) ? String(innerName.value) : undefined;
}

/** The node in the slot; what an alias points to is copied first, so that only this use of it changes. */
function ownNode(document: SourceDocument, slot: Slot): Node | undefined {
  const node = slot.get();
  if (isAlias(node)) {
    const copy = node.resolve(document.root)?.clone() as Node | undefined;
    if (copy !== undefined) slot.set(copy);
    return copy;
  }
  if (isScalar(node) && node.value === null) return undefined;
  return (node ?? undefined) as Node | undefined;
}

function missing(container: YAMLMap | YAMLSeq, part: string, walked: string): string {
  const known = isMap(container)
    ? container.items.map((pair) => String(pair.key))
    : container.items.flatMap((item) => entryName(item) ?? []);
  return `${walked} has no entry "${part}"${didYouMean(part, known)}`;
}
