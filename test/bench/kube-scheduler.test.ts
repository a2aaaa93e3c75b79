import { expect, it } from 'vitest';
import { smokeRuns } from '../../bench/orchestration/kube-scheduler.ts';

it('every pod of the performance tests gets the node that the plugins on objects give it', () => {
  const runs = smokeRuns();
  expect(runs.map(({ one }) => one.name)).toContain('pod anti-affinity');
  expect(runs.filter(({ agree }) => !agree).map(({ one }) => one.name)).toEqual([]);
});
