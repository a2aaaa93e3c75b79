/** Small numbers for the closed lists of reasons, so that they fit a column: 0 is "none", then list order from 1. */

import { END_REASONS, PENDING_REASONS, TERMINATION_REASONS } from './reasons.ts';
import type { EndReason, PendingReason, TerminationReason } from './reasons.ts';
import { assert } from './assert.ts';

function codes<W extends string>(list: readonly { readonly word: W }[]) {
  const byWord = new Map(list.map((entry, index) => [entry.word, index + 1]));
  return {
    codeOf(word: W): number {
      const code = byWord.get(word);
      assert(code !== undefined, () => `no such reason in the closed list: ${word}`);
      return code;
    },
    /** The word of a code; '' for 0. */
    wordOf(code: number): W | '' {
      return code === 0 ? '' : list[code - 1]!.word;
    },
  };
}

export const pendingReasons = codes<PendingReason>(PENDING_REASONS);
export const endReasons = codes<EndReason>(END_REASONS);
export const terminationReasons = codes<TerminationReason>(TERMINATION_REASONS);
