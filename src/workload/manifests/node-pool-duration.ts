/** A duration of a NodePool such as 720h, or Never: Infinity. */

import { parseDuration } from '../../base/quantity.ts';
import type { YamlCursor } from './yaml-cursor.ts';

export function durationOrNever(cursor: YamlCursor, neutral: number): number {
  if (cursor.isAbsent) return neutral;
  const input = cursor.textOrNumber();
  if (input === 'Never') return Infinity;
  const parsed = parseDuration(input);
  if (parsed.ok) return parsed.value;
  cursor.faultSaying(`${parsed.message}, or Never`);
  return neutral;
}
