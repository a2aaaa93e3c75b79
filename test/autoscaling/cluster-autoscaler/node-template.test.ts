import { describe, expect, it } from 'vitest';
import { GIB, TICKS_PER_MILLI, US_PER_MINUTE } from '../../../src/base/units.ts';
import { KubernetesWorld } from './kubernetes-world.ts';
import { MARKET } from '../../support/world.ts';
import { NodeTemplates } from '../../../src/autoscaling/cluster-autoscaler/node-template.ts';

function templatesOf() {
  const world = new KubernetesWorld();
  const pool = world.addPool('base', ['m5.large']);
  const templates = new NodeTemplates(world.cluster, [{ pool, zone: 0 }], MARKET);
  const refresh = (nowUs: number): void => {
    templates.refresh(nowUs, (row) => world.hostsOf(row));
  };
  const milli = (): number => templates.all()[0]!.description.cpuAllocatableTicks / TICKS_PER_MILLI;
  return { world, pool, templates, refresh, milli };
}

describe('templates (kubernetes.md 5.8)', () => {
  it('pitfall 8.12: a group that never had a node is taken for machines of 110 pods without a reserve', () => {
    const { templates } = templatesOf();
    const { description } = templates.all()[0]!;
    expect(description.cpuAllocatableTicks).toBe(2000 * TICKS_PER_MILLI);
    expect(description.memoryAllocatableBytes).toBe(8 * GIB);
    expect(description.slots).toBe(110);
  });

  it('a node that has been ready for more than a minute is the template, in its zone', () => {
    const { world, pool, templates, refresh, milli } = templatesOf();
    world.addHost(pool, 1);
    refresh(US_PER_MINUTE);
    expect(milli()).toBe(2000);
    refresh(US_PER_MINUTE + 1);
    expect(milli()).toBe(1930);
    expect(templates.all()[0]!.description.zone).toBe(1);
    expect(templates.all()[0]!.description.slots).toBe(29);
  });

  it('a node that was seen is remembered when the group is empty again, and over a restore', () => {
    const { world, pool, templates, refresh, milli } = templatesOf();
    const host = world.addHost(pool);
    refresh(2 * US_PER_MINUTE);
    world.apply({ kind: 'terminate', host, reason: 'unneeded' });
    refresh(3 * US_PER_MINUTE);
    expect(milli()).toBe(1930);
    const again = new NodeTemplates(world.cluster, [{ pool, zone: 0 }], MARKET);
    again.restore(templates.save());
    expect(again.all()).toEqual(templates.all());
  });
});
