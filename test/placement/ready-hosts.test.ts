import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOST_STATE } from '../../src/cluster/hosts.ts';
import { JOURNAL_LENGTH } from '../../src/cluster/journal.ts';
import { LedgerDriver, POOL_COUNT, operations } from '../support/ledger-driver.ts';
import { ReadyHosts } from '../../src/placement/ready-hosts.ts';

function expectRecount(ready: ReadyHosts, { cluster: { hosts } }: LedgerDriver): void {
  const rows = Array.from({ length: hosts.count }, (_, host) => host);
  const isReady = (host: number) => hosts.state[host] === HOST_STATE.ready;
  for (let pool = 0; pool < POOL_COUNT; pool++) {
    expect(ready.inPool(pool)).toEqual(rows.filter((h) => isReady(h) && hosts.pool[h] === pool));
  }
  for (const cluster of [0, 1]) {
    const expected = rows.filter((h) => isReady(h) && hosts.cluster[h] === cluster);
    expect(ready.inCluster(cluster)).toEqual(expected);
  }
}

describe('the ready hosts', () => {
  it('are those of a recount, by pool and cluster, in row order', () => {
    fc.assert(
      fc.property(operations(80), (list) => {
        const driver = new LedgerDriver();
        const ready = new ReadyHosts(driver.cluster);
        for (const operation of list) {
          driver.apply(operation);
          if (operation.pick % 3 !== 0) continue;
          ready.advance();
          expectRecount(ready, driver);
        }
        ready.advance();
        expectRecount(ready, driver);
      }),
      { numRuns: 100, seed: 42 },
    );
  });

  it('are the same when made again from the columns', () => {
    fc.assert(
      fc.property(operations(80), operations(40), (past, future) => {
        const driver = new LedgerDriver();
        const ready = new ReadyHosts(driver.cluster);
        for (const operation of past) driver.apply(operation);
        ready.rebuild();
        expectRecount(ready, driver);
        for (const operation of future) driver.apply(operation);
        ready.advance();
        expectRecount(ready, driver);
      }),
      { numRuns: 50, seed: 43 },
    );
  });

  it('lose a host that fails while it is ready', () => {
    const driver = new LedgerDriver();
    const ready = new ReadyHosts(driver.cluster);
    ready.advance();
    driver.ledger.setHostState(1, HOST_STATE.terminated, 1);
    ready.advance();
    expectRecount(ready, driver);
  });

  it('are made again when the journal has overtaken them', () => {
    const driver = new LedgerDriver();
    const ready = new ReadyHosts(driver.cluster);
    for (let i = 0; i <= JOURNAL_LENGTH; i++) driver.ledger.setDesired(0, i, 1 + i);
    driver.ledger.setHostState(1, HOST_STATE.draining, 1);
    ready.advance();
    expectRecount(ready, driver);
  });

  it('carry a version that grows when the sets change', () => {
    const driver = new LedgerDriver();
    const ready = new ReadyHosts(driver.cluster);
    ready.advance();
    const before = ready.version;
    driver.apply({ kind: 'add-task', pick: 0, other: 1, afterUs: 0 });
    ready.advance();
    expect(ready.version).toBe(before);
    driver.ledger.setHostState(0, HOST_STATE.draining, 1);
    ready.advance();
    expect(ready.version).toBeGreaterThan(before);
  });
});
