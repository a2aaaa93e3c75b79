import { expect, it } from 'vitest';
import { PodQueue, inQueueOrder } from '../../../src/autoscaling/karpenter/queue.ts';

it('pods are tried by CPU, then memory, then time of creation, then number', () => {
  const pods = [
    { cpu: 1, memory: 1, createdUs: 5, number: 0 },
    { cpu: 1, memory: 1, createdUs: 5, number: 1 },
    { cpu: 1, memory: 1, createdUs: 3, number: 2 },
    { cpu: 2, memory: 1, createdUs: 3, number: 3 },
    { cpu: 1, memory: 4, createdUs: 3, number: 4 },
  ];
  // The large one, the one with more memory, the small one of time 3, then those of time 5 by number.
  expect([...pods].sort(inQueueOrder).map(({ number }) => number)).toEqual([3, 4, 2, 0, 1]);
});

it('the queue ends when a whole pass places nobody', () => {
  const queue = new PodQueue(['a', 'b', 'c']);
  let attempts = 0;
  for (let pod = queue.pop(); pod !== undefined; pod = queue.pop()) {
    attempts++;
    // The second attempt places its pod, which gives the others one more chance each.
    if (attempts !== 2) queue.push(pod);
  }
  // a, b (placed), c, and a once more; c was pushed when two were left, and two are left when it comes round.
  expect(attempts).toBe(4);
});
