import { describe, expect, it } from 'vitest';
import { restartAfterExit } from '../../src/runtime/restart-backoff.ts';
import type { Backoff } from '../../src/runtime/restart-backoff.ts';

const S = 1_000_000;

/** Waits of a container that runs `runS` seconds each time, restart by restart. */
function waits(runS: number, count: number, before?: Backoff): number[] {
  const out: number[] = [];
  let backoff = before;
  let exitedUs = runS * S;
  for (let i = 0; i < count; i++) {
    backoff = restartAfterExit(backoff, exitedUs);
    out.push((backoff.restartedUs - exitedUs) / S);
    exitedUs = backoff.restartedUs + runS * S;
  }
  return out;
}

describe('the restarts of a container that crashes (kubernetes.md 2.5)', () => {
  it('come at once, then after 10, 20, 40, 80, 160 and at most 300 s', () => {
    expect(waits(3, 8)).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  });

  it('pitfall 8.17: go on counting over runs of 600 s and begin anew after longer ones; the first restart is at once (2.5)', () => {
    expect(waits(600, 4)).toEqual([0, 10, 20, 40]);
    expect(waits(601, 4)).toEqual([0, 0, 0, 0]);
  });

  it('begin anew from 10 s: the restart after a long run is at once, the one after that waits 10 s', () => {
    const late = restartAfterExit({ delayUs: 300 * S, restartedUs: 0 }, 601 * S);
    expect(late).toEqual({ delayUs: 10 * S, restartedUs: 601 * S });
    expect(restartAfterExit(late, 605 * S).restartedUs).toBe(615 * S);
  });
});
