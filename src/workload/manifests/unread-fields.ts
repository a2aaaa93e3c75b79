/**
 * What of a manifest nobody read: fields that would change a decision with their places, harmless ones once a kind
 * (harmless-fields.ts). Which fields are read is not listed anywhere: the cursor remembers.
 */

import { isHarmless } from './harmless-fields.ts';
import type { ManifestObject } from './manifest-object.ts';

/** A field that would change a decision, and is not read. */
export interface UnreadField {
  readonly kind: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** As written, such as `spec.template.spec.containers[1].readinessProbe`. */
  readonly path: string;
}

/** Fields of a kind that change no decision: their paths with `[]` for any place in a list, in the order met. */
export interface HarmlessFields {
  readonly kind: string;
  readonly paths: readonly string[];
}

/** One field of a kind, wherever it stands. */
export interface UnreadGroup {
  readonly kind: string;
  /** With `[]` for any place in a list. */
  readonly path: string;
  readonly count: number;
  readonly first: UnreadField;
}

/** In the order of the first of each. */
export function unreadGroups(fields: readonly UnreadField[]): UnreadGroup[] {
  const groups = new Map<string, UnreadGroup>();
  for (const field of fields) {
    const path = patternOf(field.path);
    const key = `${field.kind} ${path}`;
    const { count, first } = groups.get(key) ?? { count: 0, first: field };
    groups.set(key, { kind: field.kind, path, count: count + 1, first });
  }
  return [...groups.values()];
}

function patternOf(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '[]');
}

export class UnreadFields {
  readonly fields: UnreadField[] = [];
  private readonly harmlessByKind = new Map<string, Set<string>>();

  /** Takes in an object that has been read. */
  take({ cursor, kind, name }: ManifestObject): void {
    const harmless = this.harmlessByKind.get(kind) ?? new Set<string>();
    this.harmlessByKind.set(kind, harmless);
    for (const part of cursor.unread()) {
      const { file, line, column, pathText: path } = part;
      const pattern = patternOf(path);
      if (isHarmless(kind, pattern, (usual) => part.isValue(usual))) harmless.add(pattern);
      else this.fields.push({ kind, name, file, line, column, path });
    }
  }

  harmless(): HarmlessFields[] {
    return [...this.harmlessByKind]
      .filter(([, paths]) => paths.size > 0)
      .map(([kind, paths]) => ({ kind, paths: [...paths] }));
  }
}
