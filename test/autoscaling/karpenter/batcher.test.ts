import { expect, it } from 'vitest';
import { Batcher } from '../../../src/autoscaling/karpenter/batcher.ts';
import { NEVER, US_PER_SECOND } from '../../../src/base/units.ts';

/** When the first window closes that triggers of distinct pods at these times open. */
function closing(timesS: readonly number[]): number {
  const batcher = new Batcher();
  for (const [id, timeS] of timesS.entries()) {
    if (batcher.closesAtUs <= timeS * US_PER_SECOND) break;
    batcher.trigger(id, timeS * US_PER_SECOND);
  }
  return batcher.closesAtUs / US_PER_SECOND;
}

it('a batch closes one second after its last new pod', () => {
  expect(closing([0])).toBe(1);
  // aws.md 10.1 (10): the trigger at 0.5 restarts the idle second.
  expect(closing([0, 0.5])).toBe(1.5);
});

it('a batch closes ten seconds after its first pod, whatever comes', () => {
  // aws.md 10.1 (10): a pod every 0.8 s never leaves a whole idle second.
  expect(closing(Array.from({ length: 30 }, (_, i) => i * 0.8))).toBe(10);
});

it('a pod that is triggered again does not restart the idle time', () => {
  const batcher = new Batcher();
  batcher.trigger(7, 0);
  batcher.trigger(7, 900_000);
  expect(batcher.closesAtUs).toBe(US_PER_SECOND);
});

it('no window is open before the first pod and after closing', () => {
  const batcher = new Batcher();
  expect(batcher.closesAtUs).toBe(NEVER);
  batcher.trigger(1, 0);
  batcher.close();
  expect(batcher.closesAtUs).toBe(NEVER);
  batcher.trigger(1, 5 * US_PER_SECOND);
  expect(batcher.closesAtUs).toBe(6 * US_PER_SECOND);
});

it('a restored batcher closes when the saved one would', () => {
  const batcher = new Batcher();
  batcher.trigger(1, 0);
  batcher.trigger(2, 600_000);
  const again = new Batcher();
  again.restore(batcher.save());
  again.trigger(1, 1_000_000);
  expect(again.closesAtUs).toBe(1_600_000);
});
