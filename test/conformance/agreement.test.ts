import { describe, expect, it } from 'vitest';
import { goldenCases } from './read-goldens.ts';
import { JUDGES } from './judges.ts';
import { KIND_NAMES } from './kinds.ts';

const judged = KIND_NAMES.filter((kind) => JUDGES[kind] !== undefined);

describe.each(judged)('our answers to the cases of kind %s', (kind) => {
  it('are those of the real code', () => {
    const differences: string[] = [];
    for (const { index, input, output } of goldenCases(kind)) {
      const difference = JUDGES[kind]!(input, output);
      if (difference !== undefined) differences.push(`case ${index}: ${difference}`);
    }
    expect(differences).toEqual([]);
  });
});
