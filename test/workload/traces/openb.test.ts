import { describe, expect, it } from 'vitest';
import { openbPods } from '../../../src/workload/traces/openb-pods.ts';
import { readOpenbNodes } from '../../../src/workload/traces/openb-nodes.ts';
import { plainTraceOptions } from '../../../src/workload/traces/reader.ts';
import { chunksOf, hasData, lenient, whole } from './chunks.ts';

const strict = plainTraceOptions('openb', 'pods.csv');

const HEADER =
  'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n';

describe('an openb pod list', () => {
  it('gives a pod the time between its scheduling and its deletion', async () => {
    const rows = 'p1,4000,1024,1,460,,LS,Running,50,200,80\n';
    const trace = await openbPods.read(whole(HEADER + rows), strict);
    expect([...trace.submittedUs]).toEqual([50e6]);
    expect([...trace.durationUs]).toEqual([120e6]); // 200 - 80 s
    expect(trace.specs[0]).toMatchObject({
      cpuTicks: 512_000, // 4000 x 128
      memoryBytes: 1_073_741_824,
      gpuCount: 1,
      gpuMilli: 460,
      labels: { qos: 'LS' },
      requirements: [],
    });
  });

  it('gives a pod that was never scheduled the time that its owner waited', async () => {
    const rows = 'p1,4000,1024,0,0,,LS,Pending,50,200,\n';
    const trace = await openbPods.read(whole(HEADER + rows), strict);
    expect([...trace.durationUs]).toEqual([150e6]); // 200 - 50 s
  });

  it('lets a pod that was never deleted run to the end of the run', async () => {
    const rows = 'p1,4000,1024,0,0,,LS,Running,50,,60\n';
    const trace = await openbPods.read(whole(HEADER + rows), strict);
    expect([...trace.durationUs]).toEqual([Infinity]);
  });

  it('asks for a host with one of the GPU models of its spec, each once', async () => {
    const rows = 'p1,1,1,2,1000,V100M16|V100M32|V100M32,BE,Running,0,1,0\n';
    const trace = await openbPods.read(whole(HEADER + rows), strict);
    expect(trace.specs[0]!.requirements).toEqual([
      { key: 'gpu-model', operator: 'In', values: ['V100M16', 'V100M32'] },
    ]);
  });

  it('without times submits everything at 0 and never ends it', async () => {
    const text = 'name,cpu_milli,memory_mib,num_gpu,gpu_milli\np1,1,1,8,1000\np2,1,1,8,1000\n';
    const trace = await openbPods.read(whole(text), strict);
    expect([...trace.submittedUs]).toEqual([0, 0]);
    expect([...trace.durationUs]).toEqual([Infinity, Infinity]);
    expect(trace.specs.length).toBe(1);
  });

  it('hands over a pod that ends before it starts', async () => {
    const { options, rejected } = lenient();
    const rows = 'p1,1,1,0,0,,LS,Running,50,60,80\np2,1,1,1,0,,LS,Running,1,2,1\n';
    const trace = await openbPods.read(whole(HEADER + rows), options);
    expect(trace.names).toEqual([]);
    expect(rejected.map((row) => row.reason)).toEqual([
      'deletion_time: expected a time not before the start at 80; found 60',
      'gpu_milli: expected a whole number from 1 to 1000; found 0',
    ]);
  });
});

describe('an openb node list', () => {
  const options = { file: 'nodes.csv', skipBadRows: false, reject: () => {} };

  it('gives host shapes in the order of the file', async () => {
    const text = 'sn,cpu_milli,memory_mib,gpu,model\nn1,96000,1,8,G2\nn0,32000,2,0,\n';
    expect(await readOpenbNodes(whole(text), options)).toEqual([
      { name: 'n1', cpuTicks: 12_288_000, memoryBytes: 1_048_576, gpuCount: 8, gpuModel: 'G2' },
      { name: 'n0', cpuTicks: 4_096_000, memoryBytes: 2_097_152, gpuCount: 0, gpuModel: '' },
    ]);
  });

  it('refuses a node with GPUs of no model', async () => {
    const text = 'sn,cpu_milli,memory_mib,gpu,model\nn1,96000,1,8,\n';
    await expect(readOpenbNodes(whole(text), options)).rejects.toThrow(
      'nodes.csv:2:1: model: expected a name; found nothing',
    );
  });
});

describe.skipIf(!hasData)('the openb trace (skipped without BERTH_DATA)', () => {
  const folder = 'openb-gpu-2023/csv';

  it('has 8,152 pods that ask for 6,086.8 GPUs', async () => {
    const trace = await openbPods.read(chunksOf(`${folder}/openb_pod_list_default.csv`), strict);
    expect(trace.specOf.length).toBe(8_152);
    const milli = trace.specOf.reduce((sum, row) => {
      const spec = trace.specs[row]!;
      return sum + spec.gpuCount * spec.gpuMilli;
    }, 0);
    expect(Math.round(milli / 100) / 10).toBe(6_086.8);
  });

  it('has 1,523 nodes, 1,213 of them with 6,212 GPUs in all', async () => {
    const options = { file: 'nodes.csv', skipBadRows: false, reject: () => {} };
    const hosts = await readOpenbNodes(chunksOf(`${folder}/openb_node_list_all_node.csv`), options);
    expect(hosts.length).toBe(1_523);
    expect(hosts.filter((host) => host.gpuCount > 0).length).toBe(1_213);
    expect(hosts.reduce((sum, host) => sum + host.gpuCount, 0)).toBe(6_212);
  });

  it.each(['cpu0', 'gpushare80', 'gpuspec25', 'multigpu40'])(
    'has a list %s without a fault',
    async (list) => {
      const trace = await openbPods.read(chunksOf(`${folder}/openb_pod_list_${list}.csv`), strict);
      expect(trace.specOf.length).toBeGreaterThan(7_000);
    },
  );
});
