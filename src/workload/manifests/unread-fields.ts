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

export class UnreadFields {
  readonly fields: UnreadField[] = [];
  private readonly harmlessByKind = new Map<string, Set<string>>();

  /** Takes in an object that has been read. */
  take({ cursor, kind, name }: ManifestObject): void {
    const harmless = this.harmlessByKind.get(kind) ?? new Set<string>();
    this.harmlessByKind.set(kind, harmless);
    for (const part of cursor.unread()) {
      const { file, line, column, pathText: path } = part;
      const pattern = path.replaceAll(/\[\d+\]/g, '[]');
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
