import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ScenarioError } from '../../../src/base/scenario-error.ts';
import { plainTraceOptions } from '../../../src/workload/traces/reader.ts';
import { swf } from '../../../src/workload/traces/swf.ts';
import { chunksOf, cutAt, hasData, lenient, whole } from './chunks.ts';

const strict = plainTraceOptions('log', 'log.swf');

/** job, submit, wait, run, allocated, cpu, memory used, requested, time, memory requested, then 8 columns unread. */
const tail = '1 7 1 -1 -1 -1 -1 -1';
const LOG = [
  '; Version: 2.2',
  ';',
  `  1  100  5  60   4  -1  -1  8 600 -1 ${tail}`,
  `  2  160  0  -1  -1  -1  -1  2 600 -1 ${tail}`,
  '',
  `  3  130  0   0   4  -1 2048  -1 600 -1 ${tail}`,
  `\t4  160  0 1.5   4 0.5 2048  -1 600 1024 ${tail} appended {1,2}`,
].join('\r\n');

describe('a Standard Workload Format log', () => {
  it('becomes tasks in order of submission, ties in the order of the file, the first at time 0', async () => {
    const trace = await swf.read(whole(LOG), strict);
    expect(trace.names).toEqual(['1', '3', '2', '4']);
    expect([...trace.submittedUs]).toEqual([0, 30e6, 60e6, 60e6]); // 130 - 100 = 30 s
  });

  it('takes processors as allocated, else as requested, one core each', async () => {
    const trace = await swf.read(whole(LOG), strict);
    const cores = Array.from(trace.specOf, (row) => trace.specs[row]!.cpuTicks / 128_000);
    expect(cores).toEqual([4, 4, 2, 4]);
  });

  it('keeps jobs without a run time as jobs of one microsecond', async () => {
    const trace = await swf.read(whole(LOG), strict);
    expect([...trace.durationUs]).toEqual([60e6, 1, 1, 1.5e6]);
  });

  it('takes memory as requested, else as used, else as the option says, times processors', async () => {
    const trace = await swf.read(whole(LOG), { ...strict, processorMemoryBytes: 1000 });
    const bytes = Array.from(trace.specOf, (row) => trace.specs[row]!.memoryBytes);
    // 4 x 1000; 4 x 2048 KiB = 8,388,608; 2 x 1000; 4 x 1024 KiB = 4,194,304
    expect(bytes).toEqual([4000, 8_388_608, 2000, 4_194_304]);
  });

  it('shares one spec among equal jobs', async () => {
    const trace = await swf.read(whole(LOG + '\n' + LOG), strict);
    expect(trace.specOf.length).toBe(8);
    expect(trace.specs.length).toBe(4);
  });

  it('stretches submissions by the time scale and leaves durations alone', async () => {
    const trace = await swf.read(whole(LOG), { ...strict, timeScale: 0.5 });
    expect([...trace.submittedUs]).toEqual([0, 15e6, 30e6, 30e6]);
    expect(trace.durationUs[0]).toBe(60e6);
  });

  it('stops at the limit and asks for no further chunk', async () => {
    async function* endless(): AsyncIterable<string> {
      for (let job = 1; ; job++) yield `${job} ${job} 0 5 1 -1 -1 1 9 -1 ${tail}\n`;
    }
    const trace = await swf.read(endless(), { ...strict, limit: 3 });
    expect(trace.names).toEqual(['1', '2', '3']);
  });

  it('reads the same wherever its chunks are cut', async () => {
    const expected = await swf.read(whole(LOG), strict);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(LOG.length), { maxLength: 12 }), async (cuts) => {
        expect(await swf.read(cutAt(LOG, cuts), strict)).toEqual(expected);
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it('agrees with a reader that splits the whole text', async () => {
    const field = fc.integer({ min: 1, max: 99_999 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, field, field), { maxLength: 30 }), async (jobs) => {
        const text = jobs.map(([at, run, n], job) =>
          [job, at, 0, run, n, -1, -1, -1, 9, -1, tail].join('  '),
        );
        const trace = await swf.read(whole(text.join('\n')), strict);
        const first = Math.min(...jobs.map(([at]) => at));
        const twin = jobs
          .map(([at, run, n], job) => ({
            job: `${job}`,
            at: (at - first) * 1e6,
            run: run * 1e6,
            n,
          }))
          .sort((a, b) => a.at - b.at);
        expect(trace.names).toEqual(twin.map((job) => job.job));
        expect([...trace.submittedUs]).toEqual(twin.map((job) => job.at));
        expect([...trace.durationUs]).toEqual(twin.map((job) => job.run));
        const cores = Array.from(trace.specOf, (row) => trace.specs[row]!.cpuTicks / 128_000);
        expect(cores).toEqual(twin.map((job) => job.n));
      }),
      { seed: 42, numRuns: 200 },
    );
  });
});

describe('a malformed row of a log', () => {
  const bad = [
    `1 100 0 5 1 -1 -1 1 9 -1 ${tail}`,
    '2 100 0 5 1',
    `3 -1 0 5 1 -1 -1 1 9 -1 ${tail}`,
    `4 100 0 -7 1 -1 -1 1 9 -1 ${tail}`,
    `5 100 0 5 -1 -1 -1 0 9 -1 ${tail}`,
    `6 100 0 5 x1 -1 -1 1 9 -1 ${tail}`,
    `7 100 0 5 1 -1 -1 1 9 68719476736 ${tail}`,
    `8 0x10 0 5 1 -1 -1 1 9 -1 ${tail}`,
  ].join('\n');

  it('stops the reading with every fault, its line and column', async () => {
    const error = await swf.read(whole(bad), strict).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ScenarioError);
    expect((error as ScenarioError).message.split('\n')).toEqual([
      'log.swf:2:1: expected 18 columns separated by blanks, found 5',
      'log.swf:3:3: submit time (column 2): expected seconds since the start of the log, 0 or more; found -1',
      'log.swf:4:9: run time (column 4): expected seconds, 0 or more, or -1 for unknown; found -7',
      'log.swf:5:20: processors (column 8): expected a whole number of allocated or requested ones; found 0',
      'log.swf:6:11: processors (column 5): expected a whole number of allocated or requested ones; found x1',
      'log.swf:7:23: memory (column 10): expected KiB a processor, 1 TiB at most, or -1 for unknown; found 68719476736',
      'log.swf:8:3: submit time (column 2): expected seconds since the start of the log, 0 or more; found 0x10',
    ]);
  });

  it('is handed over with its text when bad rows are skipped', async () => {
    const { options, rejected } = lenient();
    const trace = await swf.read(whole(bad), options);
    expect(trace.names).toEqual(['1']);
    expect(rejected.map((row) => row.line)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(rejected[0]).toEqual({
      file: 'log.txt',
      line: 2,
      text: '2 100 0 5 1',
      reason: 'expected 18 columns separated by blanks, found 5',
    });
  });

  it('is listed up to the twentieth and counted beyond', async () => {
    const error = await swf
      .read(whole('x\n'.repeat(25)), strict)
      .catch((thrown: unknown) => thrown);
    const { faults } = error as ScenarioError;
    expect(faults.length).toBe(21);
    expect(faults[20]!.message).toBe('and 5 more malformed rows, 25 in all');
  });
});

describe.skipIf(!hasData)('the SDSC SP2 log (skipped without BERTH_DATA)', () => {
  it('accounts for all of its 59,715 jobs on 128 processors', async () => {
    const trace = await swf.read(chunksOf('swf-logs/SDSC-SP2-1998-4.2-cln.swf.gz'), strict);
    expect(trace.specOf.length).toBe(59_715);
    expect(Math.max(...trace.specs.map((spec) => spec.cpuTicks / 128_000))).toBe(128);
    // 5,671 jobs without a run time and 10 of 0 s, counted in the file with awk.
    expect(trace.durationUs.filter((us) => us === 1).length).toBe(5_681);
  });

  it.each([
    ['NASA-iPSC-1993-3.1-cln.swf.gz', 18_239],
    ['LCG-2005-1.swf.gz', 188_041],
    ['hpc2n-subset.alea.swf', 3_170],
    ['lublin_256.swf', 10_000],
  ])('has a neighbour %s of %i jobs, read without a fault', async (file, jobs) => {
    const trace = await swf.read(chunksOf(`swf-logs/${file}`), strict);
    expect(trace.specOf.length).toBe(jobs);
  });
});
