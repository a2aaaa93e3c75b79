import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GIB } from '../../src/base/units.ts';
import { Specs } from '../../src/cluster/specs.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';

const web = { ...plainTaskSpec('web', 'job', 128, GIB), gpuCount: 1, gpuMilli: 500 };
const batch = plainTaskSpec('batch', 'job', 0, 0);

const sizes = fc.array(
  fc.record({
    like: fc.nat(1),
    cpuTicks: fc.nat(40),
    memoryBytes: fc.integer({ min: 1, max: 6 }).map((gib) => gib * GIB),
  }),
  { minLength: 100, maxLength: 400, size: 'max' },
);

describe('specs that differ in their sizes alone', () => {
  it('have one row each, and are the written spec with those sizes', () => {
    fc.assert(
      fc.property(sizes, (all) => {
        const specs = new Specs();
        const written = [web, batch];
        const likes = written.map((spec) => specs.rowOf(spec));
        const twin = new Map<string, number>();
        for (const { like, cpuTicks, memoryBytes } of all) {
          const row = specs.sizedRowOf(likes[like]!, cpuTicks, memoryBytes);
          const key = JSON.stringify([like, cpuTicks, memoryBytes]);
          expect(twin.get(key) ?? row).toBe(row);
          twin.set(key, row);
          expect(specs.at(row)).toEqual({ ...written[like]!, cpuTicks, memoryBytes });
          expect([specs.cpuTicks[row], specs.gpuCount[row]]).toEqual([
            cpuTicks,
            written[like]!.gpuCount,
          ]);
        }
        expect(new Set(twin.values()).size).toBe(twin.size);
      }),
      { seed: 2, numRuns: 30 },
    );
  });

  it('share the row of the written spec when the sizes are its own', () => {
    const specs = new Specs();
    const row = specs.rowOf(web);
    expect(specs.sizedRowOf(row, web.cpuTicks, web.memoryBytes)).toBe(row);
    expect(specs.at(row)).toBe(web);
  });

  it('keep their rows over a restore', () => {
    const specs = new Specs();
    const like = specs.rowOf(batch);
    for (let i = 0; i < 300; i++) specs.sizedRowOf(like, i, GIB * (1 + (i % 9)));
    const copy = new Specs();
    copy.restore(specs.save());
    expect(copy.count).toBe(specs.count);
    for (let row = 0; row < specs.count; row++) expect(copy.at(row)).toEqual(specs.at(row));
    expect(copy.sizedRowOf(like, 299, GIB * 3)).toBe(specs.sizedRowOf(like, 299, GIB * 3));
  });
});
