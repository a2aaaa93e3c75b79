import { expect, it } from 'vitest';
import { GIB, TICKS_PER_CORE } from '../../../src/base/units.ts';
import { readNodeList } from '../../../src/workload/manifests/node-list.ts';

const NODE = `apiVersion: v1
kind: Node
metadata: { name: n1, labels: { disk: ssd } }
spec: { taints: [{ key: gpu, effect: NoSchedule }] }
status:
  capacity: { cpu: '4', memory: 16Gi, pods: '110', nvidia.com/gpu: '2' }
  allocatable: { cpu: 3500m, memory: 15Gi, pods: '58', nvidia.com/gpu: '2' }
`;

it('a Node is a host of its capacity that hands out what it says', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: s }\n';
  expect(readNodeList('nodes.yaml', `${service}---\n${NODE}`)).toEqual([
    {
      name: 'n1',
      cpuTicks: 4 * TICKS_PER_CORE,
      memoryBytes: 16 * GIB,
      gpuCount: 2,
      gpuModel: '',
      node: {
        labels: { disk: 'ssd' },
        taints: [{ key: 'gpu', value: '', effect: 'NoSchedule' }],
        cpuTicks: 3.5 * TICKS_PER_CORE,
        memoryBytes: 15 * GIB,
        pods: 58,
      },
    },
  ]);
});

it('a list without Nodes is a fault', () => {
  expect(() => readNodeList('nodes.yaml', 'apiVersion: v1\nkind: Pod\n')).toThrow(
    'at least one Node',
  );
});
