import { describe, expect, it } from 'vitest';
import { ScalingHistory } from '../../../src/autoscaling/hpa/scaling-history.ts';
import { completeBehavior } from '../../../src/cluster/scaling-behavior.ts';
import type { ScalingPolicy } from '../../../src/cluster/controller-specs.ts';

const S = 1_000_000;
const WIDE = { minimum: 1, maximum: 1000 };
const DEFAULTS = completeBehavior({});

const pods = (value: number, seconds: number): ScalingPolicy => ({
  kind: 'Pods',
  value,
  periodUs: seconds * S,
});
const percent = (value: number, seconds: number): ScalingPolicy => ({
  ...pods(value, seconds),
  kind: 'Percent',
});

describe('limits without behavior (kubernetes.md 4.1, 6)', () => {
  it.each([
    [1, 4],
    [2, 4],
    [3, 6],
    [10, 20],
  ])('pitfall 8.13: from %i replicas at most to %i in a round: max(2 x current, 4)', (from, to) => {
    expect(new ScalingHistory().normalize(500, from, WIDE, undefined, 0)).toBe(to);
  });

  it('pitfall 8.13: the size at first sight is a recommendation, and the highest of 300 s counts (4.1)', () => {
    const history = new ScalingHistory();
    history.begin(6, 0);
    expect(history.normalize(2, 6, WIDE, undefined, 300 * S)).toBe(6); // of just 300 s ago
    expect(history.normalize(2, 6, WIDE, undefined, 301 * S)).toBe(2);
  });

  it('overwrites one recommendation that is too old a round', () => {
    const history = new ScalingHistory();
    for (let s = 0; s <= 600; s += 15) history.normalize(3, 3, WIDE, undefined, s * S);
    // 0 to 300 s are 21 entries; from then on each new one takes the place of the one that is 315 s old.
    expect(history.save().recommendations.length).toBe(21);
  });
});

describe('limits with behavior (kubernetes.md 4.1)', () => {
  it('defaults the half that is not given: 4 pods or 100 % in 15 s up, 100 % down after 300 s', () => {
    const history = new ScalingHistory();
    expect(history.normalize(500, 2, WIDE, DEFAULTS, 0)).toBe(6); // 2 + 4
    expect(history.normalize(500, 10, WIDE, DEFAULTS, 1)).toBe(20);
    history.restore({ recommendations: [{ atUs: 0, replicas: 9 }], added: [], removed: [] });
    expect(history.normalize(1, 10, WIDE, DEFAULTS, 299 * S)).toBe(9);
    expect(history.normalize(1, 10, WIDE, DEFAULTS, 300 * S)).toBe(1);
  });

  it('holds scaling up to the lowest recommendation of its window, and keeps the current number between the two', () => {
    const behavior = completeBehavior({ scaleUp: { stabilizationUs: 60 * S } });
    const history = new ScalingHistory();
    history.restore({ recommendations: [{ atUs: 0, replicas: 5 }], added: [], removed: [] });
    expect(history.normalize(8, 4, WIDE, behavior, 59 * S)).toBe(5);
    expect(history.normalize(8, 6, WIDE, behavior, 59 * S)).toBe(6);
    expect(history.normalize(8, 4, WIDE, behavior, 60 * S)).toBe(8);
  });

  it('pitfall 8.13: percentages are rounded up on the way up and cut on the way down (4.1)', () => {
    const behavior = completeBehavior({
      scaleUp: { policies: [percent(10, 60)] },
      scaleDown: { stabilizationUs: 0, policies: [percent(10, 60)] },
    });
    expect(new ScalingHistory().normalize(100, 11, WIDE, behavior, 0)).toBe(13); // ceil(12.1)
    expect(new ScalingHistory().normalize(1, 11, WIDE, behavior, 0)).toBe(9); // trunc(9.9)
  });

  it('counts from the start of the period: what was added and removed in it is taken back', () => {
    const behavior = completeBehavior({ scaleUp: { policies: [pods(4, 60)] } });
    const history = new ScalingHistory();
    history.scaled(4, 7, behavior, 0);
    expect(history.normalize(100, 7, WIDE, behavior, 59 * S)).toBe(8); // 7 - 3 + 4
    expect(history.normalize(100, 7, WIDE, behavior, 60 * S)).toBe(11); // on the edge: out
    history.scaled(7, 5, behavior, 60 * S);
    expect(history.normalize(100, 5, WIDE, behavior, 61 * S)).toBe(11); // 5 + 2 + 4
  });

  it.each([
    ['Max', 20, 5],
    ['Min', 12, 8],
    ['Disabled', 10, 10],
  ] as const)('takes the change that %s selects', (selectPolicy, up, down) => {
    const policies = [pods(2, 15), percent(100, 15)];
    const smaller = [pods(2, 15), percent(50, 15)];
    const behavior = completeBehavior({
      scaleUp: { selectPolicy, policies },
      scaleDown: { selectPolicy, policies: smaller, stabilizationUs: 0 },
    });
    expect(new ScalingHistory().normalize(100, 10, WIDE, behavior, 0)).toBe(up);
    expect(new ScalingHistory().normalize(1, 10, WIDE, behavior, 0)).toBe(down);
  });

  it('keeps to the bounds', () => {
    const bounds = { minimum: 3, maximum: 12 };
    expect(new ScalingHistory().normalize(100, 10, bounds, DEFAULTS, 0)).toBe(12);
    expect(new ScalingHistory().normalize(1, 10, bounds, DEFAULTS, 0)).toBe(3);
  });
});
