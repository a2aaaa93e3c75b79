import { describe, expect, it } from 'vitest';
import {
  CHANGE,
  JOURNAL_LENGTH,
  Journal,
  JournalCursor,
  changeBit,
} from '../../src/cluster/journal.ts';

describe('the change journal', () => {
  it('has a number for every kind, without gaps, as many as fit in a mask of 31 bits', () => {
    const numbers = Object.values(CHANGE).sort((one, other) => one - other);
    expect(numbers).toEqual(numbers.map((_, i) => i));
    expect(numbers.length).toBeLessThanOrEqual(31);
  });

  it('gives a reader every entry once, in the order of writing', () => {
    const journal = new Journal();
    const cursor = new JournalCursor(journal);
    journal.write(CHANGE.taskBound, 7, 3, 50);
    journal.write(CHANGE.taskReleased, 7, 3, 60);
    expect({ ...cursor.peek()! }).toMatchObject({ version: 0, kind: CHANGE.taskBound });
    expect(cursor.timeUs).toBe(50);
    expect({ ...cursor.next()! }).toEqual({
      version: 0,
      kind: CHANGE.taskBound,
      row: 7,
      value: 3,
    });
    cursor.skip();
    expect(cursor.next()).toBeUndefined();
  });

  it('tells a reader that fell behind that entries were overwritten', () => {
    const journal = new Journal();
    const cursor = new JournalCursor(journal);
    for (let i = 0; i < JOURNAL_LENGTH; i++) journal.write(CHANGE.taskReady, i, 0, i);
    // The journal holds exactly its length: nothing is lost yet.
    expect(cursor.isOvertaken).toBe(false);
    expect(cursor.peek()!.row).toBe(0);
    journal.write(CHANGE.taskReady, JOURNAL_LENGTH, 0, JOURNAL_LENGTH);
    expect(cursor.isOvertaken).toBe(true);
    expect(() => cursor.next()).toThrow(
      `a journal reader fell behind: it wants entry 0 of ${JOURNAL_LENGTH + 1}`,
    );
    cursor.version = journal.version;
    expect(cursor.isOvertaken).toBe(false);
  });

  it('keeps all that one instant writes, however much that is', () => {
    const journal = new Journal();
    const cursor = new JournalCursor(journal);
    journal.write(CHANGE.taskBound, 1, 0, 4);
    const count = 3 * JOURNAL_LENGTH;
    for (let i = 0; i < count; i++) journal.write(CHANGE.hostAdded, i, 0, 5);
    // The entry of the instant before had to go; 16,384 doubled twice holds the 49,152 others.
    expect(cursor.isOvertaken).toBe(true);
    cursor.version = journal.oldest;
    expect(cursor.version).toBe(1);
    for (let i = 0; i < count; i++) expect(cursor.next()!.row).toBe(i);
    expect(cursor.next()).toBeUndefined();
  });

  it('shows a reader the kinds that it follows and passes over all others', () => {
    const journal = new Journal();
    const cursor = new JournalCursor(journal, changeBit(CHANGE.taskBound));
    for (let i = 0; i < 6; i++) {
      journal.write(i % 3 === 0 ? CHANGE.taskBound : CHANGE.taskReady, i, 0, 0);
    }
    expect(cursor.next()!.row).toBe(0);
    expect(cursor.next()!.row).toBe(3);
    expect(cursor.next()).toBeUndefined();
    expect(cursor.version).toBe(6);
  });

  it('overtakes no reader with entries of kinds that it does not follow', () => {
    const journal = new Journal();
    const cursor = new JournalCursor(journal, changeBit(CHANGE.hostState));
    for (let i = 0; i < 3 * JOURNAL_LENGTH; i++) journal.write(CHANGE.taskReady, i, 0, i);
    journal.write(CHANGE.hostState, 5, 2, 0);
    expect(cursor.isOvertaken).toBe(false);
    expect(cursor.next()!.row).toBe(5);
    journal.write(CHANGE.hostState, 6, 2, 0);
    for (let i = 0; i < JOURNAL_LENGTH; i++) journal.write(CHANGE.taskReady, i, 0, 1 + i);
    expect(cursor.isOvertaken).toBe(true);
  });

  it('collects the kinds that were written since it was last asked', () => {
    const journal = new Journal();
    journal.write(CHANGE.hostAdded, 0, 0, 0);
    journal.write(CHANGE.taskRefused, 0, 0, 0);
    expect(journal.takeMask()).toBe(changeBit(CHANGE.hostAdded) | changeBit(CHANGE.taskRefused));
    expect(journal.takeMask()).toBe(0);
  });

  it('has one bit for every kind', () => {
    const bits = Object.values(CHANGE).map(changeBit);
    expect(new Set(bits).size).toBe(bits.length);
    expect(bits.every((bit) => bit > 0)).toBe(true);
  });

  it('goes on from a saved state with the same entries and versions', () => {
    const journal = new Journal();
    for (let i = 0; i < 10; i++) journal.write(CHANGE.taskReady, i, i, i);
    const copy = new Journal();
    copy.restore(journal.save());
    const cursor = new JournalCursor(copy);
    cursor.version = 9;
    copy.write(CHANGE.taskBound, 99, 0, 0);
    expect(cursor.next()!.row).toBe(9);
    expect({ ...cursor.next()! }).toMatchObject({ version: 10, row: 99 });
  });
});
