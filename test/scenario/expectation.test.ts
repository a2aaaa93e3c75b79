import { describe, expect, it } from 'vitest';
import { evaluateExpectation, parseExpectation } from '../../src/scenario/expectation.ts';

const VARIANTS = ['ec2', 'fargate'];
const MEANS = new Map([
  [
    'ec2',
    new Map([
      ['cost_usd', 100],
      ['wait_s_p95', 50],
    ]),
  ],
  [
    'fargate',
    new Map([
      ['cost_usd', 111],
      ['wait_s_p95', 30],
    ]),
  ],
]);

function evaluate(text: string, means = MEANS) {
  const parsed = parseExpectation(text, VARIANTS);
  if (!parsed.ok) throw new Error(parsed.message);
  return evaluateExpectation(parsed.value, means);
}

describe('an expectation', () => {
  it('is held against every variant', () => {
    expect(evaluate('wait_s_p95 < 40')).toEqual([
      { text: 'wait_s_p95 < 40', variant: 'ec2', value: 50, bound: 40, holds: false },
      { text: 'wait_s_p95 < 40', variant: 'fargate', value: 30, bound: 40, holds: true },
    ]);
  });

  it('may take a multiple of another variant as its bound', () => {
    // 1.1 x 100 = 110: ec2's own 100 is below, fargate's 111 is not.
    expect(evaluate('cost_usd <= 1.1 * cost_usd[ec2]').map((one) => one.holds)).toEqual([
      true,
      false,
    ]);
  });

  it('may take another variant itself as its bound, and be about one variant', () => {
    const results = evaluate('cost_usd[fargate] > cost_usd[ec2]');
    expect(results).toMatchObject([{ variant: 'fargate', bound: 100, holds: true }]);
  });

  it.each([
    ['cost_usd == 100', true],
    ['cost_usd != 100', false],
    ['cost_usd >= 100', true],
    ['cost_usd > 100', false],
    ['cost_usd <= 100', true],
    ['cost_usd < 100', false],
    ['cost_usd<1e3', true],
  ])('compares %s', (text, holds) => {
    expect(evaluate(text)[0]!.holds).toBe(holds);
  });

  it('does not hold where a mean is unknown', () => {
    const unknown = new Map([['ec2', new Map<string, number>()]]);
    expect(evaluate('cost_usd < 100', unknown)).toMatchObject([{ value: undefined, holds: false }]);
    expect(evaluate('wait_s_p95 < 2 * cost_usd[fargate]', unknown)[0]!.holds).toBe(false);
  });

  it.each([
    ['cost < 5', 'found "cost"'],
    ['wait_s_p95 < 3 * 4', 'column of summary.csv, found "4"'],
    ['cost_usd < 2 * 2 * cost_usd[ec2]', 'expected a condition'],
    ['cost_usd < cost_usd', 'the variant of the bound'],
    ['cost_usd < cost_usd[ecs]', 'found "ecs"'],
    ['cost_usd', 'expected a condition'],
    ['digest == 5', 'found "digest"'],
  ])('refuses %s', (text, part) => {
    const parsed = parseExpectation(text, VARIANTS);
    expect(parsed.ok ? 'accepted' : parsed.message).toContain(part);
  });
});
