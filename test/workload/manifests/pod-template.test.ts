import { describe, expect, it } from 'vitest';
import { PriorityClasses } from '../../../src/workload/manifests/priority-classes.ts';
import { plainCursor } from '../../../src/workload/manifests/yaml-cursor.ts';
import { podTaskSpec } from '../../../src/workload/manifests/pod-task-spec.ts';
import type { Fault } from '../../../src/base/scenario-error.ts';

const MIB = 1_048_576;

type Value = Readonly<Record<string, unknown>>;

function read(podSpec: Value, metadata: Value = {}, classes: readonly [string, Value][] = []) {
  const faults: Fault[] = [];
  const priorities = new PriorityClasses();
  for (const [name, value] of classes) priorities.define(name, plainCursor('c', value, faults));
  const spec = { containers: [{ name: 'main', image: 'app' }], ...podSpec };
  const { spec: task, leftOut } = podTaskSpec(
    plainCursor('pod', { metadata, spec }, faults),
    'web',
    'service',
    1,
    priorities,
  );
  return { task, pod: task.pod!, leftOut, faults };
}

describe('the template of a pod', () => {
  it('of a pod that states nothing is plain', () => {
    const { pod, leftOut } = read({});
    expect(pod).toMatchObject({
      namespace: 'default',
      preemptionPolicy: 'PreemptLowerPriority',
      restartPolicy: 'Always',
      terminationGraceS: 30,
      nodeName: '',
      schedulingGates: [],
    });
    expect(pod.requiredNodeTerms).toBeUndefined();
    expect(leftOut).toEqual([]);
  });

  it('keeps namespace, annotations, gates, the node, the grace and who may be preempted', () => {
    const { pod } = read(
      {
        schedulingGates: [{ name: 'quota' }],
        nodeName: 'n1',
        terminationGracePeriodSeconds: 5,
        restartPolicy: 'Never',
        preemptionPolicy: 'Never',
      },
      { namespace: 'shop', annotations: { a: 'b' } },
    );
    expect(pod).toMatchObject({
      namespace: 'shop',
      annotations: { a: 'b' },
      schedulingGates: ['quota'],
      nodeName: 'n1',
      terminationGraceS: 5,
      restartPolicy: 'Never',
      preemptionPolicy: 'Never',
    });
  });

  it('takes its preemption policy from its class, or from the default one', () => {
    const patient = { value: 7, preemptionPolicy: 'Never' };
    expect(read({ priorityClassName: 'p' }, {}, [['p', patient]]).pod.preemptionPolicy).toBe(
      'Never',
    );
    const byDefault = read({}, {}, [['p', { ...patient, globalDefault: true }]]);
    expect(byDefault.pod.preemptionPolicy).toBe('Never');
    expect(byDefault.task.priority).toBe(7);
  });

  it('copies a limit into a request that is not stated, container by container (kubernetes.md 1.7)', () => {
    const resources = { limits: { cpu: '1', memory: '64Mi' }, requests: { cpu: '250m' } };
    const { pod } = read({ containers: [{ name: 'main', resources }] });
    expect(pod.containers[0]).toMatchObject({
      requests: { cpu: 250, memory: 64 * MIB },
      limits: { cpu: 1000, memory: 64 * MIB },
    });
  });

  it('fills in what the pod does not request where it has limits of its own: first from its containers', () => {
    const containers = [{ name: 'main', resources: { requests: { cpu: '250m' } } }];
    const limits = { cpu: '2', memory: '1Gi', 'hugepages-2Mi': '4Mi' };
    expect(read({ containers, resources: { limits } }).pod.podRequests).toEqual({
      cpu: 250,
      memory: 1024 * MIB,
      'hugepages-2Mi': 4 * MIB,
    });
    expect(read({ containers, resources: { requests: { cpu: '3' } } }).pod.podRequests).toEqual({
      cpu: 3000,
    });
  });

  it('makes every port of a pod on the network of its host a port of the host', () => {
    const ports = [{ containerPort: 80 }, { containerPort: 90, hostPort: 9, protocol: 'UDP' }];
    const portsOf = (hostNetwork: boolean) =>
      read({ hostNetwork, containers: [{ name: 'main', ports }] }).pod.containers[0]!.hostPorts;
    expect(portsOf(false)).toEqual([{ ip: '0.0.0.0', protocol: 'UDP', port: 9 }]);
    expect(portsOf(true).map(({ port }) => port)).toEqual([80, 9]);
  });

  it('turns matchLabelKeys and mismatchLabelKeys into conditions on its own values (kubernetes.md 1.8)', () => {
    const term = {
      topologyKey: 'zone',
      labelSelector: { matchLabels: { app: 'web' } },
      matchLabelKeys: ['version', 'absent'],
      mismatchLabelKeys: ['tenant'],
    };
    const required = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
    const labels = { version: '2', tenant: 'a' };
    const { pod } = read({ affinity: { podAffinity: required } }, { labels });
    expect(pod.affinity.required[0]!.selector).toEqual({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'version', operator: 'In', values: ['2'] },
        { key: 'tenant', operator: 'NotIn', values: ['a'] },
      ],
    });
  });

  it('leaves a term without a selector matching nothing, whatever its label keys', () => {
    const term = { topologyKey: 'zone', matchLabelKeys: ['version'] };
    const required = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
    const { pod } = read({ affinity: { podAffinity: required } }, { labels: { version: '2' } });
    expect(pod.affinity.required[0]!.selector).toBeUndefined();
  });

  it('says that revisions of a Deployment count together where they should not', () => {
    const topologySpreadConstraints = [
      { topologyKey: 'zone', maxSkew: 1, matchLabelKeys: ['pod-template-hash'], labelSelector: {} },
    ];
    expect(read({ topologySpreadConstraints }).leftOut).toEqual([
      'pod-template-hash as a matchLabelKey: all revisions count together',
    ]);
  });

  it('keeps volumes that bear on placement', () => {
    const { pod, leftOut } = read({
      volumes: [
        { name: 'a', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'b', emptyDir: {} },
        { name: 'c', emptyDir: { medium: 'Memory' } },
        { name: 'd', hostPath: { path: '/' } },
        { name: 'e', configMap: { name: 'x' } },
        { name: 'f', image: { reference: 'model:1' } },
        { name: 'g', awsElasticBlockStore: { volumeID: 'vol-1', readOnly: true } },
        { name: 'h', rbd: { monitors: ['m'], image: 'i', readOnly: true } },
        {
          name: 'i',
          ephemeral: {
            volumeClaimTemplate: {
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
            },
          },
        },
      ],
    });
    expect(pod.volumes).toEqual([
      { kind: 'claim', claim: 'data' },
      { kind: 'local' },
      { kind: 'local' },
      { kind: 'image', image: 'model:1' },
      { kind: 'disk', driver: 'ebs', id: 'vol-1', isReadOnly: false },
      { kind: 'disk', driver: 'rbd', id: 'rbd/i', isReadOnly: true, monitors: ['m'] },
      {
        kind: 'ephemeral',
        claim: { name: 'i', storageBytes: 2 * 2 ** 30, accessModes: ['ReadWriteOnce'] },
      },
    ]);
    expect(leftOut).toEqual([]);
  });

  it('keeps for how long a taint is tolerated; a negative time means at once', () => {
    const tolerations = [
      { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'b', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: -1 },
      { key: 'c', operator: 'Exists' },
    ];
    expect(read({ tolerations }).task.tolerations.map(({ seconds }) => seconds)).toEqual([
      300,
      0,
      undefined,
    ]);
  });

  it('finds a weight above 100', () => {
    const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101 }] };
    const { faults } = read({ affinity: { nodeAffinity: preferred } });
    expect(faults.map(({ message }) => message)).toEqual([
      'expected a weight of at most 100; found 101',
    ]);
  });
});
