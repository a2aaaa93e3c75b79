import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { csv } from '../../../src/workload/traces/csv.ts';
import { splitRecord } from '../../../src/workload/traces/csv-record.ts';
import { plainTraceOptions } from '../../../src/workload/traces/reader.ts';
import { cutAt, lenient, whole } from './chunks.ts';

const strict = plainTraceOptions('mine', 'mine.csv');

describe('a plain CSV trace', () => {
  it('takes bare seconds, cores and bytes, or quantities', async () => {
    const text =
      'submitted,duration,cpu,memory\n' +
      '0.5,60,0.25,1024\n' +
      '1m30s,1h,250m,1KiB\n' +
      '2,,1,2GB\n';
    const trace = await csv.read(whole(text), strict);
    expect([...trace.submittedUs]).toEqual([500_000, 2_000_000, 90_000_000]);
    expect([...trace.durationUs]).toEqual([60e6, Infinity, 3600e6]);
    expect(Array.from(trace.specOf)).toEqual([0, 1, 0]);
    expect(trace.specs[0]).toMatchObject({ cpuTicks: 32_000, memoryBytes: 1024, kind: 'trace' });
    expect(trace.names).toEqual([]);
  });

  it("finds its columns by name in any order, under names of the reader's choice", async () => {
    const text = 'id,user,mem,cores,at,took\n "a, ""b""" ,me,1,2,3,4\n';
    const columns = {
      ...strict.columns,
      name: 'id',
      memory: 'mem',
      cpu: 'cores',
      submitted: 'at',
      duration: 'took',
    };
    const trace = await csv.read(whole(text), { ...strict, columns });
    expect(trace.names).toEqual(['a, "b"']);
    expect(trace.specs[0]).toMatchObject({ cpuTicks: 256_000, memoryBytes: 1 });
    expect([...trace.submittedUs, ...trace.durationUs]).toEqual([3e6, 4e6]);
  });

  it('gives whole GPUs or a part of one, and an image for a row or for all', async () => {
    const text =
      'submitted,duration,cpu,memory,gpu,image\n0,1,1,1,2,\n0,1,1,1,0.25,api\n0,1,1,1,,\n';
    const trace = await csv.read(whole(text), { ...strict, image: 'base' });
    const asked = trace.specs.map((spec) => [spec.gpuCount, spec.gpuMilli, spec.image]);
    expect(asked).toEqual([
      [2, 1000, 'base'],
      [1, 250, 'api'],
      [0, 0, 'base'],
    ]);
  });

  it('names the columns that its header lacks', async () => {
    await expect(csv.read(whole('submitted,cpus\n0,1\n'), strict)).rejects.toThrow(
      'mine.csv:1:1: expected the columns duration, cpu, memory; found submitted, cpus',
    );
    await expect(csv.read(whole(''), strict)).rejects.toThrow('found an empty file');
  });

  it('counts lines over blank lines, and a short row does not eat the next', async () => {
    const { options, rejected } = lenient();
    const text =
      '\nsubmitted,duration,cpu,memory\r\n\r\n0,1,1\r\n5,1,1,1\r\n0,"1,1,1\n0,1,1,1 GB\n-1,1,1,1';
    const trace = await csv.read(whole(text), options);
    expect([...trace.submittedUs]).toEqual([5e6]);
    expect(rejected.map(({ line, text: row }) => [line, row])).toEqual([
      [4, '0,1,1'],
      [6, '0,"1,1,1'],
      [7, '0,1,1,1 GB'],
      [8, '-1,1,1,1'],
    ]);
    expect(rejected[0]!.reason).toBe('expected 4 fields as in the header, found 3');
    expect(rejected[2]!.reason).toMatch(/^memory: expected a size such as/);
  });

  it('reads the same wherever its chunks are cut', async () => {
    const text =
      '\ufeffsubmitted,duration,cpu,memory,name\r\n3,1,1,1,é\r\n1,1s,500m,"1MiB","x, ""y"""\r\n\r\n2,1,1,1,z';
    const expected = await csv.read(whole(text), strict);
    expect(expected.names).toEqual(['x, "y"', 'z', 'é']);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 12 }), async (cuts) => {
        expect(await csv.read(cutAt(text, cuts), strict)).toEqual(expected);
      }),
      { seed: 42, numRuns: 300 },
    );
  });
});

describe('splitting a record', () => {
  it('gives back the fields that were joined', () => {
    const field = fc.string({ maxLength: 6, unit: fc.constantFrom('a', '"', ',', ' ', 'é') });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 5 }), (fields) => {
        const line = fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
        expect(splitRecord(line)).toEqual(fields);
      }),
      { seed: 42, numRuns: 1000 },
    );
  });

  it('keeps empty fields at the end, quoted or not', () => {
    expect(splitRecord('a,,')).toEqual(['a', '', '']);
    expect(splitRecord('"a",,')).toEqual(['a', '', '']);
  });
});
