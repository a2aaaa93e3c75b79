import { describe, expect, it } from 'vitest';
import {
  PLAIN_DEPLOYMENT,
  Rollout,
} from '../../../../src/orchestration/kubernetes/controllers/rollout.ts';
import type { DeploymentOptions } from '../../../../src/orchestration/kubernetes/controllers/rollout.ts';

/** A Deployment of 10 that turns from revision 1 to revision 2, and pods that exist as soon as they are wanted. */
class Update {
  readonly rollout: Rollout;
  replicas = 10;

  constructor(options: Partial<DeploymentOptions> = {}) {
    this.rollout = new Rollout({ ...PLAIN_DEPLOYMENT, ...options });
    this.rollout.begin(1, 1, this.replicas);
    this.rollout.turnTo(2, 2, this.replicas);
  }

  get sizes(): number[] {
    return this.rollout.sets.map(({ replicas }) => replicas);
  }

  /** Steps until nothing changes; the pods of a revision in the list are available. */
  settle(...available: readonly number[]): number[] {
    const pods = () =>
      this.rollout.sets.map(({ written, replicas }) => ({
        active: Array.from({ length: replicas }, (_, i) => i),
        available: available.includes(written) ? replicas : 0,
        existing: replicas,
      }));
    while (this.rollout.step(this.replicas, pods()));
    return this.sizes;
  }
}

describe('the ReplicaSets of a Deployment (kubernetes.md 3.1)', () => {
  it('exchange their pods as new ones become available', () => {
    const update = new Update();
    // Surge 3 and unavailable 2: 3 new ones come and 2 old ones go, whose places new ones take.
    expect(update.settle(1)).toEqual([8, 5]);
    expect(update.settle(1, 2)).toEqual([0, 10]);
  });

  it('grow and shrink in proportion when an autoscaler changes the replicas in the middle, and go on from there', () => {
    const update = new Update();
    expect(update.settle(1)).toEqual([8, 5]);
    update.replicas = 20;
    // 25 are allowed, 12 more: 8 x 25 / 13 = 15.4 and 5 x 25 / 13 = 9.6.
    expect(update.settle(1)).toEqual([15, 10]);
    expect(update.settle(1, 2)).toEqual([0, 20]);
    update.replicas = 4;
    expect(update.settle(2)).toEqual([0, 4]);
  });

  it('of a paused Deployment only scale', () => {
    const update = new Update({ isPaused: true });
    expect(update.settle(1)).toEqual([10, 0]);
    update.replicas = 12;
    expect(update.settle(1)).toEqual([12, 0]);
  });

  it('come back with their old number when a revision comes back', () => {
    const update = new Update();
    update.settle(1, 2);
    update.rollout.turnTo(1, 1, 10);
    expect(update.settle(1, 2)).toEqual([10, 0]);
    expect(update.rollout.sets.map(({ written }) => written)).toEqual([1, 2]);
  });

  it('are forgotten beyond the history, the oldest first, once they are empty', () => {
    const update = new Update({ revisionHistoryLimit: 1 });
    update.settle(1, 2);
    update.rollout.turnTo(3, 3, 10);
    expect(update.settle(1, 2, 3)).toEqual([0, 10]);
    expect(update.rollout.sets.map(({ written }) => written)).toEqual([2, 3]);
  });
});
