import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CASE_KINDS, KIND_NAMES } from '../kinds.ts';
import { readGoldens } from '../read-goldens.ts';

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8').replaceAll(/ +/g, ' ');

describe.each(KIND_NAMES.filter((kind) => CASE_KINDS[kind].program === 'go-karpenter'))(
  'the table of agreement tells of kind %s',
  (kind) => {
    it('what is recorded of which release', () => {
      const { component, recorded } = CASE_KINDS[kind];
      // All agree: agreement.test.ts fails where one does not.
      expect(readme).toContain(
        `| ${component} | v1.14.1 | ${recorded} | ${recorded} of ${recorded} |`,
      );
      expect(Object.values(readGoldens(kind).header.modules)).toContain('v1.14.1');
    });
  },
);
