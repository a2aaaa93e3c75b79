import { describe, expect, it } from 'vitest';
import { MessageQueue } from '../../src/traffic/message-queue.ts';
import { US_PER_SECOND } from '../../src/base/units.ts';
import { rateProfile } from '../../src/traffic/profile.ts';

const S = US_PER_SECOND;

describe('a queue of messages', () => {
  it('grows by what comes less what its replicas take, and never falls below nothing', () => {
    const queue = new MessageQueue(rateProfile({ kind: 'constant', ratePerSecond: 10 }), 4);
    // 60 s x 10
    queue.advance(60 * S, 0);
    expect(queue.messages).toBe(600);
    // 600 + 30 x (10 - 3 x 4)
    queue.advance(90 * S, 3);
    expect(queue.messages).toBe(540);
    queue.advance(900 * S, 3);
    expect(queue.messages).toBe(0);
  });

  it('follows arrivals that change between two looks', () => {
    const steps = [
      { atUs: 0, ratePerSecond: 2 },
      { atUs: 10 * S, ratePerSecond: 0 },
    ];
    const queue = new MessageQueue(rateProfile({ kind: 'steps', steps }), 1);
    // 10 x 2, then 5 s in which one replica takes one a second
    queue.advance(10 * S, 0);
    queue.advance(15 * S, 1);
    expect(queue.messages).toBe(15);
    const inOne = new MessageQueue(rateProfile({ kind: 'steps', steps }), 1);
    // 10 x (2 - 1) - 5
    inOne.advance(15 * S, 1);
    expect(inOne.messages).toBe(5);
  });
});
