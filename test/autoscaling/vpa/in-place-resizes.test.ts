import { describe, expect, it } from 'vitest';
import { InPlaceResizes } from '../../../src/autoscaling/vpa/in-place-resizes.ts';
import { US_PER_MINUTE } from '../../../src/base/units.ts';
import type { UpdatedPod } from '../../../src/autoscaling/vpa/pod-update.ts';

const NODE = { cpuMilli: 4000, memoryBytes: 0 };

function pod(cpuMilli: number, isPending = false): UpdatedPod {
  const request = { cpuMilli, memoryBytes: 0 };
  return { task: 7, number: 9, isPending, ageUs: 0, isQuickOom: false, request };
}

/** At minute 10 more was asked for. */
function asked(cpuMilli: number): InPlaceResizes {
  const resizes = new InPlaceResizes();
  resizes.ask(pod(1000), { cpuMilli, memoryBytes: 0 }, 10 * US_PER_MINUTE);
  return resizes;
}

describe('resizes in place (kubernetes.md 4.2, InPlaceOrRecreate)', () => {
  it('are asked for once, of pods that run', () => {
    const resizes = new InPlaceResizes();
    expect(resizes.way(pod(1000), NODE, 0)).toBe('resize');
    expect(resizes.way(pod(1000, true), NODE, 0)).toBe('wait');
  });

  it('give way to an eviction when they are deferred for more than 5 min', () => {
    const resizes = asked(2000);
    expect(resizes.way(pod(1000), NODE, 15 * US_PER_MINUTE)).toBe('wait');
    expect(resizes.way(pod(1000), NODE, 15 * US_PER_MINUTE + 1)).toBe('evict');
  });

  it('give way at once when the node is too small', () => {
    expect(asked(4000).way(pod(1000), NODE, 11 * US_PER_MINUTE)).toBe('wait');
    expect(asked(4001).way(pod(1000), NODE, 11 * US_PER_MINUTE)).toBe('evict');
  });

  it('are over when the pod has what was asked for, or is gone', () => {
    const resizes = asked(2000);
    resizes.look([pod(1000)]);
    expect(resizes.save()).toHaveLength(1);
    resizes.look([pod(2000)]);
    expect(resizes.save()).toHaveLength(0);
    const other = asked(2000);
    other.look([]);
    expect(other.save()).toHaveLength(0);
  });

  it('are restored', () => {
    const restored = new InPlaceResizes();
    restored.restore(asked(4001).save());
    expect(restored.way(pod(1000), NODE, 11 * US_PER_MINUTE)).toBe('evict');
  });
});
