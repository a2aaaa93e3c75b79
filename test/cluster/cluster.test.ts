import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LedgerDriver, operations } from '../support/ledger-driver.ts';
import { savedColumns } from './saved-columns.ts';

it('a restored cluster goes on as the one that was saved, whatever it held before', () => {
  fc.assert(
    fc.property(operations(50), operations(50), operations(50), (past, future, otherPast) => {
      const original = new LedgerDriver();
      for (const operation of past) original.apply(operation);
      const copy = new LedgerDriver();
      for (const operation of otherPast) copy.apply(operation);
      copy.cluster.restore(original.cluster.save());
      copy.nowUs = original.nowUs;
      expect(savedColumns(copy.cluster)).toEqual(savedColumns(original.cluster));
      for (const operation of future) {
        expect(copy.apply(operation)).toBe(original.apply(operation));
      }
      expect(savedColumns(copy.cluster)).toEqual(savedColumns(original.cluster));
    }),
    { numRuns: 40, seed: 42 },
  );
});

it('a saved cluster does not change with the cluster that it was saved from', () => {
  const driver = new LedgerDriver();
  const state = savedColumns(driver.cluster);
  const before = structuredClone(state);
  driver.apply({ kind: 'add-task', pick: 0, other: 1, afterUs: 1 });
  driver.ledger.bind(0, 0, 1);
  expect(state).toEqual(before);
});
