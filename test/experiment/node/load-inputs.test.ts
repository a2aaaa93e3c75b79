import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadInputs } from '../../../src/experiment/node/load-inputs.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { BATCH, folderWith } from '../../cli/command.ts';

const CSV = 'submitted,duration,cpu,memory\n0,60,1,1GiB\n30,60,2,1GiB\n';
const POD = (name: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { containers: [{ name: main, resources: { requests: { cpu: 100m, memory: 64Mi } } }] }
`;

/** The inputs of the batch scenario with other workload. */
function load(folder: string, workload: string, skipBadRows = false, dataFolder?: string) {
  const file = join(folder, 'scenario.yaml');
  const experiment = loadScenario(BATCH.replace(/^ {2}- jobs.*$/m, workload), file);
  return loadInputs(experiment, { scenarioFile: file, dataFolder }, skipBadRows);
}

describe('a trace', () => {
  const read = '  - trace: { name: log, format: csv, file: log.csv }';

  it('is read beside the scenario, and its bytes are recorded', async () => {
    const folder = folderWith({ 'log.csv': CSV });
    const { inputs, records } = await load(folder, read);
    const [trace] = Object.values(inputs.traces);
    expect(Object.values(inputs.traces)).toHaveLength(1); // Both variants read it in the same way.
    expect([...trace!.submittedUs]).toEqual([0, 30e6]);
    const sha256 = createHash('sha256').update(CSV).digest('hex');
    expect(records).toEqual([{ path: 'log.csv', sha256 }]);
  });

  it('is inflated when its name ends in .gz, and may stop early', async () => {
    const folder = folderWith({});
    const bytes = gzipSync(CSV);
    mkdirSync(join(folder, 'sets'));
    writeFileSync(join(folder, 'sets', 'log.csv.gz'), bytes);
    const workload =
      '  - trace: { name: log, format: csv, file: "data:sets/log.csv.gz", limit: 1 }';
    const { inputs, records } = await load(folder, workload, false, folder);
    expect([...Object.values(inputs.traces)[0]!.durationUs]).toEqual([60e6]);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(records).toEqual([{ path: 'data:sets/log.csv.gz', sha256 }]);
  });

  it('with a bad row stops the run, or loses that row to the list of rejected ones', async () => {
    const folder = folderWith({ 'log.csv': `${CSV}soon,1,1,1GiB\n` });
    await expect(load(folder, read)).rejects.toThrow(/^log\.csv:4:1: submitted: /);
    const { inputs, rejected } = await load(folder, read, true);
    expect(Object.values(inputs.traces)[0]!.submittedUs).toHaveLength(2);
    expect(rejected).toEqual([
      expect.objectContaining({ file: 'log.csv', line: 4, text: 'soon,1,1,1GiB' }),
    ]);
  });

  it('that is no gzip file is a fault of the input', async () => {
    const folder = folderWith({ 'log.csv.gz': CSV });
    const workload = '  - trace: { name: log, format: csv, file: log.csv.gz }';
    await expect(load(folder, workload)).rejects.toThrow(
      /expected log\.csv\.gz at .*, found .*header/,
    );
  });
});

describe('a folder of manifests', () => {
  it('is its YAML files in the order of their names', async () => {
    const folder = folderWith({});
    mkdirSync(join(folder, 'k8s'));
    writeFileSync(join(folder, 'k8s', 'b.yaml'), POD('second'));
    writeFileSync(join(folder, 'k8s', 'a.yml'), POD('first'));
    writeFileSync(join(folder, 'k8s', 'README.md'), 'no manifest');
    const { inputs, records } = await load(folder, '  - manifests: ./k8s/');
    const [manifests] = Object.values(inputs.manifests);
    expect(manifests?.services.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(records.map(({ path }) => path)).toEqual(['./k8s/a.yml', './k8s/b.yaml']);
  });

  it('has the folders in it too where that is asked for, and names that `only` may choose from', async () => {
    const folder = folderWith({});
    mkdirSync(join(folder, 'k8s', 'inner'), { recursive: true });
    writeFileSync(join(folder, 'k8s', 'inner', 'a.yaml'), POD('inner'));
    writeFileSync(join(folder, 'k8s', 'b.yaml'), POD('outer'));
    const entry = (more: string) => `  - manifests: { path: k8s, ${more} }`;
    const { inputs } = await load(folder, entry('recursive: true, only: [inner]'));
    const [manifests] = Object.values(inputs.manifests);
    expect(manifests?.services.map(({ name }) => name)).toEqual(['outer', 'inner']);
    await expect(load(folder, entry('only: [inner]'))).rejects.toThrow(
      'expected a workload called inner in k8s (one of outer)',
    );
  });

  it('without one is a fault', async () => {
    const folder = folderWith({});
    mkdirSync(join(folder, 'k8s'));
    await expect(load(folder, '  - manifests: k8s')).rejects.toThrow(
      'in the folder k8s, found none',
    );
  });
});

it('every file that is missing is named', async () => {
  const folder = folderWith({});
  const workload =
    '  - trace: { name: log, format: csv, file: log.csv }\n' +
    '  - trace: { name: far, format: swf, file: "data:far.swf" }\n' +
    '  - manifests: k8s';
  const error = await load(folder, workload).catch((thrown: unknown) => thrown);
  expect(
    String(error)
      .split('\n')
      .map((line) => line.replaceAll(folder, 'HERE')),
  ).toEqual([
    'ScenarioError: HERE/scenario.yaml: expected log.csv at HERE/log.csv, found nothing there',
    expect.stringContaining('data:far.swf lies in the folder of public data sets'),
    'HERE/scenario.yaml: expected k8s at HERE/k8s, found nothing there',
  ]);
});

it('everything that was read can be handed to a thread', async () => {
  const folder = folderWith({ 'log.csv': CSV, 'pod.yaml': POD('one') });
  const workload = '  - trace: { name: log, format: csv, file: log.csv }\n  - manifests: pod.yaml';
  const { inputs } = await load(folder, workload);
  expect(structuredClone(inputs)).toEqual(inputs);
});
