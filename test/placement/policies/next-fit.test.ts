import { expect, it } from 'vitest';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { FIRST } from '../../../src/placement/tie-rule.ts';
import { JOURNAL_LENGTH } from '../../../src/cluster/journal.ts';
import { NO_HOST } from '../../../src/placement/policy.ts';
import { PolicyBench, demand, policyNamed } from './policy-bench.ts';
import { ScanPlacer } from '../../../src/placement/scan-placer.ts';
import { lastBoundHost } from '../../../src/placement/policies/next-fit.ts';

/** Places tasks of so many cores one after the other; the hosts they went to. */
function placeAll(bench: PolicyBench, name: string, cores: readonly number[]): number[] {
  const placer = new ScanPlacer(bench.cluster, [policyNamed(name)], FIRST);
  const rows = Array.from({ length: bench.cluster.hosts.count }, (_, row) => row);
  return cores.map((size) => {
    const host = placer.place(bench.request(demand(size, 1)), rows, bench.cluster.hosts);
    if (host !== NO_HOST) bench.bind(demand(size, 1), host);
    return host;
  });
}

function threeHosts(): PolicyBench {
  const bench = new PolicyBench();
  for (let i = 0; i < 3; i++) bench.host(4, 64);
  return bench;
}

it('next fit stays on a host until a task does not fit, then goes on, and does not look back', () => {
  // 3 on host 0; 2 does not fit there: host 1; 1 would fit on host 0, but host 1 has room; 3: host 2; 1: host 2.
  const sizes = [3, 2, 1, 3, 1];
  expect(placeAll(threeHosts(), 'next-fit', sizes)).toEqual([0, 1, 1, 2, 2]);
  expect(placeAll(threeHosts(), 'first-fit', sizes)).toEqual([0, 1, 0, 2, 1]);
});

it('behind the last host next fit goes on with the first', () => {
  // 4 and 4 fill hosts 0 and 1; 3 on host 2; nothing has room for 2; 1 still fits on host 2, then nowhere.
  expect(placeAll(threeHosts(), 'next-fit', [4, 4, 3, 2, 1, 1])).toEqual([0, 1, 2, -1, 2, -1]);
  // 3 on host 0, 3 on host 1, 4 on host 2, which is full: on with host 0.
  expect(placeAll(threeHosts(), 'next-fit', [3, 3, 4, 1, 1])).toEqual([0, 1, 2, 0, 1]);
});

it('daemons do not move the cursor', () => {
  const bench = threeHosts();
  bench.bind(demand(1, 1), 1);
  bench.bind(demand(0.1, 0.1), 2, 1);
  expect(lastBoundHost(bench.cluster, 0)).toBe(1);
});

it('the cursor is a function of the cluster: a restored one has the same', () => {
  const bench = threeHosts();
  for (const host of [0, 2, 1]) bench.bind(demand(1, 1), host);
  const restored = new Cluster(['a'], ['main'], ['batch']);
  restored.restore(structuredClone(bench.cluster.save()));
  expect(lastBoundHost(restored, 0)).toBe(1);
  // The answer of a used policy and of a new one.
  const used = policyNamed('next-fit');
  used.score(0, bench.request(demand(1, 1)), bench.cluster);
  bench.bind(demand(1, 1), 2);
  for (const policy of [used, policyNamed('next-fit')]) {
    const scores = [0, 1, 2].map((host) => bench.score(policy, demand(1, 1), host));
    // From host 2: itself 0 away, host 0 one, host 1 two.
    expect(scores.map((score) => score + 0)).toEqual([-1, -2, 0]);
  }
});

it('a last bind that the journal has forgotten is found by its time', () => {
  const bench = threeHosts();
  bench.bind(demand(1, 1), 2);
  bench.nowUs = 1;
  const task = bench.bind(demand(1, 1), 1);
  for (let i = 0; i < JOURNAL_LENGTH; i++) bench.ledger.noteRefused(task, 0, 2 + i);
  expect(lastBoundHost(bench.cluster, 0)).toBe(1);
});
