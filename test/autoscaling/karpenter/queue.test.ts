import { expect, it } from 'vitest';
import { KarpenterWorld } from './karpenter-world.ts';
import { PodQueue } from '../../../src/autoscaling/karpenter/queue.ts';
import { podOf } from '../../../src/autoscaling/karpenter/pod.ts';

function queueOf(world: KarpenterWorld, tasks: readonly number[]): PodQueue {
  return new PodQueue(
    world.cluster,
    tasks.map((task) => podOf(world.cluster, task)),
  );
}

it('pods are tried by CPU, then memory, then time of submission, then number', () => {
  const world = new KarpenterWorld();
  const small = world.addService('small', 1, 1);
  const large = world.addService('large', 2, 1);
  const wide = world.addService('wide', 1, 4);
  world.nowUs = 5;
  const late = world.addPending(small, 2);
  world.nowUs = 3;
  const tasks = [
    ...late,
    ...world.addPending(small),
    ...world.addPending(large),
    ...world.addPending(wide),
  ];
  const queue = queueOf(world, tasks);
  const order = tasks.map(() => queue.pop()!.task);
  // large, wide (more memory), the small one of time 3, then those of time 5 by number.
  expect(order).toEqual([tasks[3], tasks[4], tasks[2], tasks[0], tasks[1]]);
});

it('the queue ends when a whole pass places nobody', () => {
  const world = new KarpenterWorld();
  const queue = queueOf(world, world.addPending(world.addService('web', 1, 1), 3));
  let attempts = 0;
  for (let pod = queue.pop(); pod !== undefined; pod = queue.pop()) {
    attempts++;
    // The second attempt places its pod, which gives the others one more chance each.
    if (attempts !== 2) queue.push(pod);
  }
  // 0, 1 (placed), 2, and 0 once more; 2 was pushed when two were left, and two are left when it comes round.
  expect(attempts).toBe(4);
});
