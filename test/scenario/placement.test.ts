import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/scenario/assemble.ts';
import { experimentOf, NO_INPUTS, runVariant } from '../support/run-scenario.ts';

const QUOTED = (placement: string) => JSON.stringify(placement);

/** One task a minute that stays, on 20 equal hosts of one core each. */
const equalHosts = (placements: readonly string[]) => `name: equal-hosts
seed: 42
duration: 10m
workload:
  - jobs: { name: work, cpu: 1, memory: 1GiB, arrivals: { every: 1m }, duration: 1h }
variants:
${placements
  .map(
    (placement, i) => `  v${i}:
    orchestrator: batch
    placement: ${QUOTED(placement)}
    pools: { racks: { external: { hosts: 20, cpu: 1, memory: 16GiB, costPerHour: 1 } } }
`,
  )
  .join('')}`;

/** Hosts in the order in which their tasks were placed. */
function hostsTaken(placement: string, seed: string): string[] {
  const [variant] = experimentOf(equalHosts([placement])).variants;
  const tasks = runVariant(variant!, seed).tasks.filter((task) => task.placedUs !== null);
  return tasks.sort((a, b) => a.submittedUs - b.submittedUs).map((task) => task.host);
}

describe('tieBreak', () => {
  it('first, the default, takes equal hosts by row, preorder as a heap walks them', () => {
    const first = Array.from({ length: 9 }, (_, i) => `racks-${i}`);
    expect(hostsTaken('first-fit', '42').slice(0, 9)).toEqual(first);
    expect(hostsTaken('best-fit[resource=memory,tieBreak=first]', '42').slice(0, 9)).toEqual(first);
    // Each time the root of the heap of hosts with room, which is the first of them.
    expect(hostsTaken('first-fit[tieBreak=preorder]', '42').slice(0, 9)).toEqual(first);
  });

  it('permuted takes them in one order a seed, whatever the policy that finds them equal', () => {
    const order = hostsTaken('first-fit[tieBreak=permuted]', '42');
    expect(order.length).toBeGreaterThan(8);
    expect(order).not.toEqual(hostsTaken('first-fit', '42'));
    expect(hostsTaken('best-fit[resource=memory,tieBreak=permuted]', '42')).toEqual(order);
    expect(hostsTaken('first-fit[tieBreak=permuted]', '42')).toEqual(order);
    expect(hostsTaken('first-fit[tieBreak=permuted]', '43')).not.toEqual(order);
  });

  it('random draws, as the policy random does', () => {
    const drawn = hostsTaken('first-fit[tieBreak=random]', '42');
    expect(drawn).toEqual(hostsTaken('random', '42'));
    expect(drawn).not.toEqual(hostsTaken('first-fit[tieBreak=permuted]', '42'));
  });
});

/**
 * Two GPUs on one node, and typical tasks that mostly ask for half of one. 0.4 goes to device 0; 0.2 fits beside it, the
 * tightest, but would leave 0.4 there that no half can use: device 1 keeps 0.6 and 0.8, which fragments nothing.
 */
const gpus = (placement: string) => `name: gpus
seed: 42
duration: 10m
workload:
  - service: { name: first, replicas: 1, cpu: 100m, memory: 1GiB, gpu: 0.4 }
  - service: { name: second, replicas: 1, cpu: 100m, memory: 1GiB, gpu: 0.2 }
  - service: { name: halves, replicas: 3, cpu: 100m, memory: 1GiB, gpu: 0.5 }
variants:
  own:
    orchestrator: kubernetes
    distribution: self-managed
    placement: ${placement}
    pools: { racks: { external: { hosts: 1, cpu: 32, memory: 64GiB, gpus: 2, gpuModel: T4, costPerHour: 1 } } }
`;

/** Masks of devices of the tasks of a workload, in order of arrival. */
function devicesOf(placement: string) {
  const [variant] = experimentOf(gpus(placement)).variants;
  const options = { recordDecisions: false, ownPolicies: [] };
  const { simulation, cluster } = assemble(variant!, '42', NO_INPUTS, options);
  simulation.begin();
  simulation.run();
  const { tasks, workloads } = cluster;
  return (name: string) => {
    const masks: number[] = [];
    for (let task = 0; task < tasks.count; task++) {
      if (workloads.names[tasks.workload[task]!] === name) masks.push(tasks.gpuMask[task]!);
    }
    return masks;
  };
}

describe('placement: fgd', () => {
  it('knows the typical tasks of the scenario and takes the GPU that they can spare', () => {
    const masks = devicesOf('fgd');
    expect(masks('first')).toEqual([0b01]);
    expect(masks('second')).toEqual([0b10]);
    // From 0.6 and 0.8: on device 0 it leaves 0.1, on device 1 0.3. Then device 1. The third finds 0.1 and 0.3.
    expect(masks('halves')).toEqual([0b01, 0b10, 0]);
  });

  it('differs so from a policy that leaves the devices to the tightest fit', () => {
    const masks = devicesOf('best-fit');
    expect(masks('second')).toEqual([0b01]);
    expect(masks('halves')).toEqual([0b10, 0b10, 0]);
  });
});
