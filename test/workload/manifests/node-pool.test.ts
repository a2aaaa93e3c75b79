import { describe, expect, it } from 'vitest';
import { GIB, TICKS_PER_CORE, US_PER_DAY, US_PER_SECOND } from '../../../src/base/units.ts';
import { readNodePools } from '../../../src/workload/manifests/node-pool.ts';
import { ScenarioError } from '../../../src/base/scenario-error.ts';

function read(text: string) {
  return readNodePools([{ file: 'pools.yaml', text }]);
}

function faultsOf(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.faults.map(({ line, path, message }) => `${line}: ${path}: ${message}`);
  }
  return [];
}

const SMALLEST = `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: default }
`;

const FULL = `apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: compute
spec:
  weight: 10
  template:
    metadata:
      labels: { team: shop }
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default }
      expireAfter: Never
      requirements:
        - { key: karpenter.k8s.aws/instance-category, operator: In, values: [c, m], minValues: 2 }
        - { key: karpenter.k8s.aws/instance-generation, operator: Gte, values: ["5"] }
        - { key: karpenter.k8s.aws/instance-cpu, operator: Lt, values: ["33"] }
      taints:
        - { key: dedicated, value: shop, effect: NoSchedule }
  disruption:
    consolidationPolicy: WhenEmpty
    consolidateAfter: 30s
    budgets:
      - { nodes: "20%", reasons: [Empty] }
      - { nodes: "5", schedule: "0 9 * * 1-5", duration: 8h }
  limits:
    cpu: 1000
    memory: 1000Gi
`;

describe('a NodePool', () => {
  it('that states nothing has the defaults of Karpenter', () => {
    expect(read(SMALLEST).nodePools).toEqual([
      {
        name: 'default',
        weight: 0,
        requirements: [],
        labels: {},
        taints: [],
        limits: { cpuTicks: Infinity, memoryBytes: Infinity, nodes: Infinity },
        consolidationPolicy: 'WhenEmptyOrUnderutilized',
        consolidateAfterUs: 0,
        budgets: [{ nodes: { percent: 10 }, reasons: [] }],
        expireAfterUs: 30 * US_PER_DAY,
      },
    ]);
  });

  it('is read field by field', () => {
    const { nodePools, notes } = read(FULL);
    expect(nodePools).toEqual([
      {
        name: 'compute',
        weight: 10,
        requirements: [
          {
            key: 'karpenter.k8s.aws/instance-category',
            operator: 'In',
            values: ['c', 'm'],
            minValues: 2,
          },
          // At least 5 is more than 4.
          { key: 'karpenter.k8s.aws/instance-generation', operator: 'Gt', values: ['4'] },
          { key: 'karpenter.k8s.aws/instance-cpu', operator: 'Lt', values: ['33'] },
        ],
        labels: { team: 'shop' },
        taints: [{ key: 'dedicated', value: 'shop', effect: 'NoSchedule' }],
        limits: { cpuTicks: 1000 * TICKS_PER_CORE, memoryBytes: 1000 * GIB, nodes: Infinity },
        consolidationPolicy: 'WhenEmpty',
        consolidateAfterUs: 30 * US_PER_SECOND,
        budgets: [
          { nodes: { percent: 20 }, reasons: ['Empty'] },
          { nodes: { count: 5 }, reasons: [] },
        ],
        expireAfterUs: Infinity,
      },
    ]);
    expect(notes).toEqual([
      { file: 'pools.yaml', line: 11, message: 'nodeClassRef of a NodePool is not modelled' },
      {
        file: 'pools.yaml',
        line: 24,
        message: 'the schedule of a budget is not followed: it is always in force',
      },
    ]);
  });
});

it('documents of other kinds are noted and left out', () => {
  const { nodePools, notes } = read(`${SMALLEST}---\nkind: EC2NodeClass\n`);
  expect(nodePools).toHaveLength(1);
  expect(notes.map(({ message }) => message)).toEqual(['EC2NodeClass is left out']);
});

describe('a fault is told with its place', () => {
  it.each([
    [
      'an old version',
      SMALLEST.replace('/v1', '/v1beta1'),
      '2: apiVersion: expected karpenter.sh/v1',
    ],
    ['no name', SMALLEST.replace('name: default', ''), '4: metadata.name: expected the name'],
    ['an amount', FULL.replace('1000Gi', 'lots'), '27: spec.limits.memory: expected a Kubernetes'],
    ['a duration', FULL.replace('30s', 'soon'), '21: spec.disruption.consolidateAfter: expected a'],
    ['a budget', FULL.replace('20%', '120%'), '23: spec.disruption.budgets[0].nodes: expected a'],
    ['an operator', FULL.replace('Gte', 'Over'), '15: spec.template.spec.requirements[1].operator'],
    [
      'a bound',
      FULL.replace('["33"]', '[33, 34]'),
      '16: spec.template.spec.requirements[2].values',
    ],
    ['an effect', FULL.replace('NoSchedule', 'Never'), '18: spec.template.spec.taints[0].effect'],
    [
      'a name twice',
      `${SMALLEST}---${SMALLEST}`,
      '8: metadata.name: expected a name that no other',
    ],
  ])('%s', (_, text, beginning) => {
    const faults = faultsOf(text);
    expect(faults.some((fault) => fault.startsWith(beginning))).toBe(true);
  });
});
