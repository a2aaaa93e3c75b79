import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadScenario } from '../../src/scenario/load.ts';
import { faultsOf } from './faults-of.ts';

const TEXT = readFileSync(
  new URL('./good/shop-on-every-launch-type.yaml', import.meta.url),
  'utf8',
);

/** Every path of the tree, inner maps and lists included. */
function pathsOf(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  const below =
    typeof value === 'object' && value !== null
      ? Object.keys(value).flatMap((key) => {
          const step = Array.isArray(value) ? Number(key) : key;
          return pathsOf((value as Record<string, unknown>)[key], [...path, step]);
        })
      : [];
  return path.length === 0 ? below : [[...path], ...below];
}

const PATHS = pathsOf(parse(TEXT));

function withValue(path: readonly (string | number)[], value: unknown): string {
  const tree = parse(TEXT) as Record<string | number, unknown>;
  let container = tree;
  for (const step of path.slice(0, -1)) container = container[step] as typeof tree;
  if (value === undefined) delete container[path.at(-1)!];
  else container[path.at(-1)!] = value;
  return stringify(tree);
}

describe('a damaged scenario', () => {
  it('loads or says what is wrong and where, whatever value is replaced by whatever', () => {
    const value = fc.oneof(
      fc.constant(undefined),
      fc.constantFrom(null, true, -1, 0.5, '', 'x y', [], {}, [1], { a: 1 }, [null], [[]]),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...PATHS), value, (path, replacement) => {
        const faults = faultsOf(() => loadScenario(withValue(path, replacement), 'x.yaml'));
        for (const fault of faults) {
          expect(fault.line).toBeGreaterThan(0);
          expect(fault.message).toMatch(/^(expected|unknown key|`|no |duplicate|EKS|Karpenter|a )/);
        }
      }),
      { seed: 11, numRuns: 120 },
    );
  });

  it('loads or says what is wrong when text is cut out of it', () => {
    const place = fc.integer({ min: 0, max: TEXT.length });
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 20 }), (from, length) => {
        faultsOf(() => loadScenario(TEXT.slice(0, from) + TEXT.slice(from + length), 'x.yaml'));
      }),
      { seed: 12, numRuns: 80 },
    );
  });
});
