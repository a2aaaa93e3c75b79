import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LedgerDriver, operations } from '../support/ledger-driver.ts';
import { savedColumns } from './saved-columns.ts';
import { whatIf } from '../../src/cluster/fork.ts';
import type { Fork } from '../../src/cluster/fork.ts';

function aLife(list: Parameters<LedgerDriver['apply']>[0][]): LedgerDriver {
  const driver = new LedgerDriver();
  for (const operation of list) driver.apply(operation);
  return driver;
}

/** Places specs wherever they fit, and removes some of the tasks that are bound, each once. */
function play(fork: Fork, driver: LedgerDriver, picks: readonly number[]): number {
  const { hosts, specs } = driver.cluster;
  const bound = driver.tasksWhere((task) => driver.isInside(task));
  let changes = 0;
  for (const pick of picks) {
    const task = pick % 3 === 0 ? bound.pop() : undefined;
    const spec = pick % specs.count;
    const host = pick % hosts.count;
    if (task !== undefined) fork.remove(task);
    else if (fork.fits(spec, host)) fork.place(spec, host);
    else continue;
    changes++;
  }
  return changes;
}

const picks = fc.array(fc.nat(10_000), { minLength: 5, maxLength: 40, size: 'max' });

describe('a what-if', () => {
  it('leaves every column as it was, whatever was placed and removed', () => {
    let changes = 0;
    fc.assert(
      fc.property(operations(60), picks, (list, choices) => {
        const driver = aLife(list);
        const before = savedColumns(driver.cluster);
        changes += whatIf(driver.cluster, (fork) => play(fork, driver, choices));
        expect(savedColumns(driver.cluster)).toEqual(before);
      }),
      { numRuns: 100, seed: 42 },
    );
    // Not in vain: more than ten changes a run.
    expect(changes).toBeGreaterThan(1_000);
  });

  it('leaves every column as it was when the question throws', () => {
    fc.assert(
      fc.property(operations(60), picks, (list, choices) => {
        const driver = aLife(list);
        const before = savedColumns(driver.cluster);
        const question = (fork: Fork): never => {
          play(fork, driver, choices);
          throw new Error('no answer');
        };
        expect(() => whatIf(driver.cluster, question)).toThrow('no answer');
        expect(savedColumns(driver.cluster)).toEqual(before);
      }),
      { numRuns: 50, seed: 43 },
    );
  });

  it('sees what it placed and removed while it lasts', () => {
    const driver = new LedgerDriver();
    const { cluster } = driver;
    // Two GPUs whole (spec 3), on the host with four; host 2 of the driver.
    expect(cluster.hosts.gpuCount[2]).toBe(4);
    driver.apply({ kind: 'add-task', pick: 3, other: 1, afterUs: 0 });
    expect(driver.ledger.bind(0, 2, 0)).toBeUndefined();
    whatIf(cluster, (fork) => {
      fork.place(3, 2);
      // 4 - 2 (bound) - 2 (placed) = 0 devices left.
      expect(fork.fits(3, 2)).toBe(false);
      fork.remove(0);
      expect(fork.fits(3, 2)).toBe(true);
    });
  });

  it('answers the question, and takes nothing after that', () => {
    const { cluster } = new LedgerDriver();
    const fork = whatIf(cluster, (open) => open);
    expect(() => fork.place(0, 0)).toThrow('this fork was reverted');
  });
});
