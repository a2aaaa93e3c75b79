import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicyName, printPolicyName } from '../../src/base/policy-name.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const value = fc.stringMatching(/^[A-Za-z0-9_.:/-]{1,8}$/);
const policyName = fc.record({ name: word, parameters: fc.dictionary(word, value) });

describe('a policy name', () => {
  it('reads a bare name and one with parameters', () => {
    expect(parsePolicyName('random')).toEqual({
      ok: true,
      value: { name: 'random', parameters: {} },
    });
    expect(parsePolicyName('best-fit[resource=cpu,tieBreak=first]')).toEqual({
      ok: true,
      value: { name: 'best-fit', parameters: { resource: 'cpu', tieBreak: 'first' } },
    });
  });

  it('reads back what it printed', () => {
    fc.assert(
      fc.property(policyName, (policy) => {
        const parsed = parsePolicyName(printPolicyName(policy));
        expect(parsed).toEqual({
          ok: true,
          value: { name: policy.name, parameters: { ...policy.parameters } },
        });
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  it.each(['', '[a=b]', 'spread[', 'spread[]', 'spread[zone]', 'spread[a=b', 'spread[a=]', 'x y'])(
    'refuses %j and says what it found',
    (text) => {
      const parsed = parsePolicyName(text);
      expect(parsed.ok).toBe(false);
      expect(!parsed.ok && parsed.message).toContain(`found ${JSON.stringify(text)}`);
    },
  );

  it('refuses a parameter that is given twice', () => {
    expect(parsePolicyName('binpack[resource=cpu,resource=memory]').ok).toBe(false);
  });
});
