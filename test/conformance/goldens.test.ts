import { describe, expect, it } from 'vitest';
import { CASE_KINDS, caseLine, KIND_NAMES } from './kinds.ts';
import { goldenCases, hasGoldens, readGoldens } from './read-goldens.ts';

// The Cluster Autoscaler is asked only where a checkout of it is at hand, so its kinds may not be recorded yet.
const recordedKinds = KIND_NAMES.filter(
  (kind) => CASE_KINDS[kind].program !== 'go-autoscaler' || hasGoldens(kind),
);

describe.each(recordedKinds)('the goldens of kind %s', (kind) => {
  it('hold as many cases as the suite promises', () => {
    expect(hasGoldens(kind), `expected goldens of ${kind}`).toBe(true);
    const { header, goldens } = readGoldens(kind);
    expect(header.kind).toBe(kind);
    expect(header.cases).toBe(CASE_KINDS[kind].recorded);
    expect(goldens.length).toBe(header.cases);
  });

  it('answer the inputs that their seed still draws', () => {
    let answered = 0;
    for (const { output } of goldenCases(kind)) if (output !== null) answered += 1;
    expect(answered).toBe(CASE_KINDS[kind].recorded);
  });
});

describe('a case', () => {
  it('is the same however many are drawn before it', () => {
    const alone = caseLine('plugins', 7, 3);
    for (let index = 0; index < 3; index += 1) caseLine('plugins', 7, index);
    expect(caseLine('plugins', 7, 3)).toBe(alone);
  });

  it('differs with the seed', () => {
    expect(caseLine('plugins', 8, 3)).not.toBe(caseLine('plugins', 7, 3));
  });
});
