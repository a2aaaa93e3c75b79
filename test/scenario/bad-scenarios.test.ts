/**
 * Every file of test/scenario/bad names its faults in comments at its top, `# expect: line:column: path: message part`
 * with `-` for an empty path, and has these and no others, in this order.
 */

import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.ts';
import { faultsOf } from './faults-of.ts';
import { KNOWN_POLICIES } from './known-policies.ts';

const folder = new URL('./bad/', import.meta.url);
const EXPECTED = /^# expect: (\d+):(\d+): (\S+): (.+)$/;

describe('a bad scenario', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

  it('comes in at least twenty kinds', () => {
    expect(files.length).toBeGreaterThanOrEqual(20);
  });

  it.each(files)('has the faults that it names and no others: %s', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const expected = text
      .split('\n')
      .filter((line) => line.startsWith('# expect: '))
      .map((line) => EXPECTED.exec(line)!.slice(1));
    const faults = faultsOf(() => loadScenario(text, file, { knownPolicies: KNOWN_POLICIES }));

    const found = faults.map((fault, i) => {
      expect(fault.file).toBe(file);
      const part = expected[i]?.[3] ?? '';
      const message = fault.message.includes(part) ? part : fault.message;
      return [`${fault.line}`, `${fault.column}`, fault.path === '' ? '-' : fault.path, message];
    });
    expect(found).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
  });
});
