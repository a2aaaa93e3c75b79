import { describe, expect, it } from 'vitest';
import { Keda } from '../../../src/autoscaling/keda/keda.ts';
import { ServiceWorld } from '../../support/service-world.ts';
import type { KedaTarget } from '../../../src/autoscaling/keda/keda.ts';

const S = 1_000_000;

/** Looks at second 10, 40, 70 ... */
function kedaOf(world: ServiceWorld, changes: Partial<KedaTarget> = {}): Keda {
  const target = {
    workload: world.workload,
    minReplicas: 0,
    idleReplicas: undefined,
    measure: 'requests' as const,
    activation: 0,
    pollingUs: 30 * S,
    cooldownUs: 300 * S,
    initialCooldownUs: 0,
    ...changes,
  };
  return new Keda(world.cluster, world, [target], [10 * S]);
}

describe('KEDA (kubernetes.md 4.3)', () => {
  it('starts one replica, or the minimum, when requests come to a service at 0', () => {
    const world = new ServiceWorld(0);
    const keda = kedaOf(world);
    expect(world.run(keda, 40)).toEqual([]);
    world.requests = 1;
    expect(world.run(keda, 100)).toEqual([[70, 1]]);
    const larger = new ServiceWorld(0);
    larger.requests = 1;
    expect(larger.run(kedaOf(larger, { minReplicas: 3 }), 10)).toEqual([[10, 3]]);
  });

  it('leaves numbers from 1 up to the HorizontalPodAutoscaler', () => {
    const world = new ServiceWorld(7);
    world.requests = 1;
    expect(world.run(kedaOf(world), 600)).toEqual([]);
  });

  it('goes to 0 when more than the cooldown has passed since the last activity it saw', () => {
    const world = new ServiceWorld(4);
    const keda = kedaOf(world);
    world.requests = 5;
    world.run(keda, 40);
    world.requests = 0;
    // Active at 40; 340 is just 300 s later, 370 is more.
    expect(world.run(keda, 400)).toEqual([[370, 0]]);
  });

  it('without any activity goes to 0 after the initial cooldown', () => {
    const world = new ServiceWorld(2);
    expect(world.run(kedaOf(world, { initialCooldownUs: 60 * S }), 200)).toEqual([[70, 0]]);
  });

  it('is active above the activation threshold only', () => {
    const world = new ServiceWorld(0);
    world.requests = 5;
    expect(world.run(kedaOf(world, { activation: 5 }), 100)).toEqual([]);
    expect(world.run(kedaOf(world, { activation: 4.9 }), 10)).toEqual([[10, 1]]);
  });

  it('keeps a minimum above 0, and goes to the idle number instead where there is one', () => {
    const world = new ServiceWorld(1);
    expect(world.run(kedaOf(world, { minReplicas: 2 }), 600)).toEqual([[10, 2]]);
    const idle = new ServiceWorld(5);
    expect(idle.run(kedaOf(idle, { minReplicas: 3, idleReplicas: 1 }), 100)).toEqual([[10, 1]]);
    idle.requests = 1;
    expect(idle.run(kedaOf(idle, { minReplicas: 3, idleReplicas: 1 }), 10)).toEqual([[10, 3]]);
  });

  it('goes on alike from a saved state', () => {
    const world = new ServiceWorld(4);
    const keda = kedaOf(world);
    world.requests = 5;
    world.run(keda, 40);
    world.requests = 0;
    const again = kedaOf(world);
    again.restore(structuredClone(keda.save()));
    expect(world.run(again, 400)).toEqual([[370, 0]]);
  });
});
