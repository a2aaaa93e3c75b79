import { describe, expect, it } from 'vitest';
import { TaintLimiter } from '../../../../src/orchestration/kubernetes/node/taint-limiter.ts';
import {
  taintsPerSecond,
  zoneStateOf,
} from '../../../../src/orchestration/kubernetes/node/zone-disruption.ts';

const S = 1_000_000;

describe('the state of a zone (kubernetes.md 2.10)', () => {
  it('is full when no node is ready, partial from 55 % and more than 2 not ready, else normal', () => {
    expect(zoneStateOf(0, 1)).toBe('full');
    expect(zoneStateOf(9, 11)).toBe('partial'); // 11 / 20 = 0.55
    expect(zoneStateOf(10, 12)).toBe('normal'); // 12 / 22 = 0.545
    expect(zoneStateOf(1, 2)).toBe('normal'); // 0.67, but no more than 2
    expect(zoneStateOf(1, 3)).toBe('partial');
    expect(zoneStateOf(5, 0)).toBe('normal');
  });

  it('sets the rate of NoExecute taints: 0.1 a second, in partial ones 0.01 above 50 nodes and none below', () => {
    expect(taintsPerSecond('normal', 10)).toBe(0.1);
    expect(taintsPerSecond('full', 10)).toBe(0.1);
    expect(taintsPerSecond('partial', 51)).toBe(0.01);
    expect(taintsPerSecond('partial', 50)).toBe(0);
  });
});

describe('the limiter of a zone', () => {
  const limiter = () => new TaintLimiter({ perSecond: 0.1, tokenUs: 0 });

  it('lets one node through and the next 10 s later', () => {
    const one = limiter();
    expect([one.take(5 * S), one.take(6 * S), one.nextUs, one.take(15 * S)]).toEqual([
      true,
      false,
      15 * S,
      true,
    ]);
  });

  it('lets none through at rate 0, and none at once afterwards', () => {
    const one = limiter();
    one.setRate(0, 5 * S);
    expect([one.take(1_000 * S), one.nextUs]).toEqual([false, Infinity]);
    one.setRate(0.01, 2_000 * S);
    expect(one.nextUs).toBe(2_100 * S);
  });

  it('keeps its token over a change of rate', () => {
    const one = limiter();
    one.setRate(0.01, 5 * S);
    expect(one.take(5 * S)).toBe(true);
    expect(one.nextUs).toBe(105 * S);
  });

  it('goes on alike from a saved state', () => {
    const one = limiter();
    one.take(5 * S);
    expect(new TaintLimiter(one.save()).nextUs).toBe(15 * S);
  });
});
