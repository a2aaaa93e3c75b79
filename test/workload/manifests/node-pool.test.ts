import { describe, expect, it } from 'vitest';
import {
  GIB,
  TICKS_PER_CORE,
  US_PER_DAY,
  US_PER_HOUR,
  US_PER_SECOND,
} from '../../../src/base/units.ts';
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
        terminationGracePeriodUs: Infinity,
        doNotDisrupt: false,
        isAutoMode: false,
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
          {
            nodes: { count: 5 },
            reasons: [],
            window: { schedule: '0 9 * * 1-5', durationUs: 8 * US_PER_HOUR },
          },
        ],
        expireAfterUs: Infinity,
        terminationGracePeriodUs: Infinity,
        doNotDisrupt: false,
        isAutoMode: false,
      },
    ]);
    expect(notes).toEqual([]);
  });

  it('may be static, protect its nodes and bound how long they take to go', () => {
    const [pool] = read(`${SMALLEST}spec:
  replicas: 3
  template:
    metadata: { annotations: { karpenter.sh/do-not-disrupt: "true" } }
    spec: { terminationGracePeriod: 24h }
  disruption: { consolidationPolicy: Balanced }
`).nodePools;
    expect(pool).toMatchObject({
      replicas: 3,
      doNotDisrupt: true,
      terminationGracePeriodUs: US_PER_DAY,
      consolidationPolicy: 'Balanced',
    });
  });
});

it('documents of other kinds are noted and left out', () => {
  const { nodePools, notes } = read(`${SMALLEST}---\nkind: Deployment\n`);
  expect(nodePools).toHaveLength(1);
  expect(notes.map(({ message }) => message)).toEqual(['Deployment is left out']);
});

describe('a node class', () => {
  const withClass = (kind: string, group: string, spec: string) =>
    read(`${SMALLEST}spec:
  template: { spec: { nodeClassRef: { group: ${group}, kind: ${kind}, name: own } } }
---
apiVersion: ${group}/v1
kind: ${kind}
metadata: { name: own }
spec:
${spec}`);

  it('tells the kubelets what to keep back and how many pods to take', () => {
    const { nodePools, notes } = withClass(
      'EC2NodeClass',
      'karpenter.k8s.aws',
      `  amiSelectorTerms: [{ alias: al2023@latest }]
  role: KarpenterNodeRole
  tags: { team: shop }
  blockDeviceMappings: [{ deviceName: /dev/xvda, ebs: { volumeSize: 50Gi } }]
  kubelet:
    maxPods: 50
    systemReserved: { cpu: 100m, memory: 200Mi }
    evictionHard: { memory.available: 5%, nodefs.available: 10% }
`,
    );
    expect(nodePools[0]!.kubelet).toEqual({
      maxPods: 50,
      systemReserved: { cpu: 100, memory: 200 * 1024 * 1024 },
      evictionHard: { 'memory.available': { share: 0.05 } },
      imageDiskBytes: 50 * GIB,
    });
    expect(notes).toEqual([]);
  });

  it('of Bottlerocket keeps back memory for the pods that it takes', () => {
    const spec = '  amiFamily: Bottlerocket\n  kubelet: { maxPods: 10, podsPerCore: 4 }\n';
    const { nodePools, notes } = withClass('EC2NodeClass', 'karpenter.k8s.aws', spec);
    // 11 x 10 + 255 = 365 MiB.
    const kubelet = { maxPods: 10, kubeReserved: { memory: 365 * 1024 * 1024 } };
    expect(nodePools[0]!.kubelet).toEqual(kubelet);
    expect(notes.map(({ message }) => message)).toEqual(['Bottlerocket has no podsPerCore']);
  });

  it('of Auto Mode marks its pools', () => {
    const spec = '  ephemeralStorage: { size: 100Gi }\n';
    const [pool] = withClass('NodeClass', 'eks.amazonaws.com', spec).nodePools;
    expect(pool).toMatchObject({ isAutoMode: true, kubelet: { imageDiskBytes: 100 * GIB } });
  });

  it('that is not among the files is taken as it comes, and said so', () => {
    const { notes } = withClass('EC2NodeClass', 'karpenter.k8s.aws', '  role: other\n');
    expect(notes).toEqual([]);
    const other = read(`${SMALLEST}spec:
  template: { spec: { nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: gone } } }
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: own }
`);
    const message = 'node class gone is not among the files: its defaults are taken';
    expect(other.notes).toEqual([{ file: 'pools.yaml', line: 6, message }]);
  });

  it('asks for nothing by what changes no decision, and tells what would', () => {
    const { notes } = withClass(
      'EC2NodeClass',
      'karpenter.k8s.aws',
      '  detailedMonitoring: true\n  placementGroupSelector: { name: own }\n',
    );
    expect(notes.map(({ message }) => message)).toEqual([
      'placementGroupSelector of a node class is not modelled',
    ]);
  });
});

it('labels of instances that Auto Mode names are those that Karpenter names', () => {
  const [pool] = read(`${SMALLEST}spec:
  template:
    spec:
      requirements: [{ key: eks.amazonaws.com/instance-cpu, operator: In, values: ["4"] }]
`).nodePools;
  expect(pool!.requirements[0]!.key).toBe('karpenter.k8s.aws/instance-cpu');
});

describe('what no release serves any more is refused, with what to write instead', () => {
  it.each([
    ['karpenter.sh/v1alpha5', 'Provisioner', 'a NodePool (karpenter.sh/v1)'],
    ['karpenter.k8s.aws/v1alpha1', 'AWSNodeTemplate', 'an EC2NodeClass (karpenter.k8s.aws/v1)'],
    ['karpenter.sh/v1beta1', 'NodePool', 'karpenter.sh/v1: expireAfter moves'],
    ['karpenter.k8s.aws/v1beta1', 'EC2NodeClass', 'karpenter.k8s.aws/v1: amiSelectorTerms'],
  ])('%s %s', (version, kind, instead) => {
    const faults = faultsOf(`apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: old }\n`);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`1: apiVersion: expected ${instead}`);
  });
});

describe('a fault is told with its place', () => {
  it.each([
    [
      'an old version',
      SMALLEST.replace('/v1', '/v1beta1'),
      '2: apiVersion: expected karpenter.sh/v1: expireAfter moves',
    ],
    ['no name', SMALLEST.replace('name: default', ''), '4: metadata.name: expected the name'],
    ['an amount', FULL.replace('1000Gi', 'lots'), '27: spec.limits.memory: expected a Kubernetes'],
    ['a duration', FULL.replace('30s', 'soon'), '21: spec.disruption.consolidateAfter: expected a'],
    ['a budget', FULL.replace('20%', '120%'), '23: spec.disruption.budgets[0].nodes: expected a'],
    [
      'a schedule without its duration',
      FULL.replace(', duration: 8h', ''),
      '24: spec.disruption.budgets[1]: expected schedule and duration together',
    ],
    [
      'a schedule',
      FULL.replace('0 9 * *', '0 25 * *'),
      '24: spec.disruption.budgets[1].schedule: ',
    ],
    ['a weight', FULL.replace('weight: 10', 'weight: 101'), '6: spec.weight: expected a weight of'],
    [
      'Windows',
      FULL.replace(
        'instance-generation, operator: Gte, values: ["5"]',
        'x, operator: Exists',
      ).replace(
        'karpenter.k8s.aws/x, operator: Exists',
        'kubernetes.io/os, operator: In, values: [windows]',
      ),
      '15: spec.template.spec.requirements[1].values: expected linux among the values',
    ],
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
