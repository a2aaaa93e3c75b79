import { describe, expect, it } from 'vitest';
import { selfTimes } from '../../bench/simulation/cpu-profile.ts';
import { smokeResults } from '../../bench/simulation/loop.ts';

describe('the whole loop', () => {
  const { loops, twins } = smokeResults();

  it.each(loops)(
    'completes every task of $size.policy on $size.hosts hosts',
    ({ size, summary }) => {
      expect(summary.tasksSubmitted).toBe(size.tasks);
      expect(summary.tasksCompleted).toBe(size.tasks);
      // Each task arrives, is bound, starts, is ready and ends; each host comes up in two steps.
      expect(summary.events).toBe(5 * size.tasks + 2 * size.hosts);
      expect(summary.costMicroUsd).toBeGreaterThan(0);
    },
  );

  it.each(twins)(
    'is event by event what objects do, $size.decided of $size.tasks chosen by $size.policy',
    ({ digest, twinDigest, waitMeanS, twinWaitMeanS }) => {
      expect(twinDigest).toBe(digest);
      expect(waitMeanS).toBeGreaterThan(1);
      expect(twinWaitMeanS).toBeCloseTo(waitMeanS, 9);
    },
  );
});

describe('self times of a profile', () => {
  const frame = (functionName: string, url: string) => ({ functionName, url });
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(root)', ''), children: [2, 3, 6] },
      { id: 2, callFrame: frame('(garbage collector)', '') },
      { id: 3, callFrame: frame('run', 'file:///project/src/run.ts'), children: [4, 5] },
      { id: 4, callFrame: frame('push', 'file:///project/src/kernel/calendar.ts') },
      { id: 5, callFrame: frame('', 'file:///project/node_modules/@scope/ln/lib/main.js') },
      { id: 6, callFrame: frame('load', 'file:///project/src/load.ts') },
    ],
    samples: [4, 3, 4, 5, 2, 6],
    timeDeltas: [10, 5, 20, 7, 9, 100],
  };

  it('sum up by function and by folder what runs inside the root, and the collector', () => {
    const { functions, folders } = selfTimes(profile, 'run', '/project');
    expect(functions).toEqual([
      { name: 'push  src/kernel/calendar.ts', us: 30 },
      { name: '(garbage collector)', us: 9 },
      { name: '(unnamed)  node_modules/@scope/ln', us: 7 },
      { name: 'run  src/run.ts', us: 5 },
    ]);
    expect(folders.map(({ name }) => name)).toEqual([
      'src/kernel',
      '(garbage collector)',
      'node_modules/@scope/ln',
      'src',
    ]);
  });
});
