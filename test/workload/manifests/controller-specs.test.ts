import { describe, expect, it } from 'vitest';
import { keepToVolumes } from '../../../src/workload/manifests/volume-places.ts';
import { ScenarioError } from '../../../src/base/scenario-error.ts';
import { readKubernetesManifests } from '../../../src/workload/manifests/kubernetes.ts';

const SECOND = 1_000_000;
const POD =
  'metadata: { labels: { app: x } }, spec: { containers: [{ name: c, resources: { requests: { cpu: 1 } } }] }';
const SELECTOR = 'selector: { matchLabels: { app: x } }';

function object(apiVersion: string, kind: string, spec: string, name = 'x'): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: { ${spec} }\n`;
}

function read(...texts: string[]) {
  return readKubernetesManifests([{ file: 'all.yaml', text: texts.join('---\n') }]);
}

function faultsOf(...texts: string[]): string[] {
  try {
    read(...texts);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split('\n');
  }
}

const NOTHING = { namespace: 'default', name: 'x', minReadyUs: 0 };
const OWN = { matchLabels: { app: 'x' }, matchExpressions: [] };

describe('what a controller is told', () => {
  it('a Deployment that states nothing has the defaults of the API (kubernetes.md 3.1)', () => {
    const [service] = read(
      object('apps/v1', 'Deployment', `${SELECTOR}, template: { ${POD} }`),
    ).services;
    const { template: _template, ...owner } = service!.owner as { template: unknown };
    expect(owner).toEqual({
      ...NOTHING,
      kind: 'Deployment',
      replicas: 1,
      selector: OWN,
      strategy: 'RollingUpdate',
      maxSurge: { percent: 25 },
      maxUnavailable: { percent: 25 },
      isPaused: false,
      revisionHistoryLimit: 10,
      progressDeadlineUs: 600 * SECOND,
    });
  });

  it('a Deployment keeps what it states', () => {
    const strategy = 'strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: "10%" } }';
    const spec = `replicas: 4, minReadySeconds: 5, paused: true, ${strategy}, ${SELECTOR}, template: { ${POD} }`;
    expect(read(object('apps/v1', 'Deployment', spec)).services[0]!.owner).toMatchObject({
      replicas: 4,
      minReadyUs: 5 * SECOND,
      isPaused: true,
      maxSurge: { count: 2 },
      maxUnavailable: { percent: 10 },
    });
  });

  it('a StatefulSet has order, a partition and claims (kubernetes.md 3.3)', () => {
    const claims =
      'volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 2Gi } } } }]';
    const spec = `updateStrategy: { rollingUpdate: { partition: 3 } }, ordinals: { start: 1 }, ${claims}, ${SELECTOR}, template: { ${POD} }`;
    expect(read(object('apps/v1', 'StatefulSet', spec)).services[0]!.owner).toMatchObject({
      kind: 'StatefulSet',
      podManagement: 'OrderedReady',
      update: 'RollingUpdate',
      partition: 3,
      maxUnavailable: { count: 1 },
      firstOrdinal: 1,
      claimTemplates: [
        { name: 'data', storageBytes: 2_147_483_648, accessModes: ['ReadWriteOnce'] },
      ],
      claimsWhenDeleted: 'Retain',
      claimsWhenScaled: 'Retain',
    });
  });

  it('a DaemonSet replaces one pod at a time (kubernetes.md 3.4)', () => {
    const [daemon] = read(
      object('apps/v1', 'DaemonSet', `${SELECTOR}, template: { ${POD} }`),
    ).daemons;
    expect(daemon!.daemonSet).toMatchObject({
      ...NOTHING,
      update: 'RollingUpdate',
      maxUnavailable: { count: 1 },
      maxSurge: { count: 0 },
    });
  });

  it('a Job has six retries, and as good as no limit where each index has its own (kubernetes.md 3.5)', () => {
    const job = (spec: string) =>
      read(object('batch/v1', 'Job', `${spec} template: { ${POD} }`)).jobs[0]!.job!;
    expect(job('')).toMatchObject({
      parallelism: 1,
      completions: 1,
      completionMode: 'NonIndexed',
      backoffLimit: 6,
      activeDeadlineUs: Infinity,
      ttlAfterFinishedUs: Infinity,
      isSuspended: false,
      podReplacement: 'TerminatingOrFailed',
      podFailureRules: [],
      successRules: [],
    });
    expect(job('parallelism: 3,').completions).toBeUndefined();
    expect(job('completions: 3, completionMode: Indexed, backoffLimitPerIndex: 1,')).toMatchObject({
      backoffLimit: 2_147_483_647,
      backoffLimitPerIndex: 1,
    });
    expect(
      job(
        'podFailurePolicy: { rules: [{ action: Ignore, onPodConditions: [{ type: DisruptionTarget }] }] },',
      ),
    ).toMatchObject({
      podReplacement: 'Failed',
      podFailureRules: [
        {
          action: 'Ignore',
          tests: [{ kind: 'condition', type: 'DisruptionTarget', status: 'True' }],
        },
      ],
    });
  });

  it('a CronJob has a schedule that can be read, and allows runs side by side (kubernetes.md 3.6)', () => {
    const cron = (schedule: string) =>
      object(
        'batch/v1',
        'CronJob',
        `schedule: "${schedule}", jobTemplate: { spec: { template: { ${POD} } } }`,
      );
    expect(read(cron('*/5 * * * *')).cronJobs[0]!.cronJob).toMatchObject({
      schedule: '*/5 * * * *',
      startingDeadlineUs: Infinity,
      concurrency: 'Allow',
      succeededHistoryLimit: 3,
      failedHistoryLimit: 1,
    });
    expect(faultsOf(cron('61 * * * *'))[0]).toMatch(/^all\.yaml:4:19: spec\.schedule: /);
  });

  it('a PodDisruptionBudget keeps one of two amounts; both are a fault (kubernetes.md 3.7)', () => {
    const budget = (spec: string, version = 'v1') =>
      object(`policy/${version}`, 'PodDisruptionBudget', spec);
    expect(read(budget(`${SELECTOR}, minAvailable: "50%"`)).budgets).toEqual([
      {
        namespace: 'default',
        name: 'x',
        selector: OWN,
        minAvailable: { percent: 50 },
        unhealthyPodEviction: 'IfHealthyBudget',
      },
    ]);
    expect(faultsOf(budget('minAvailable: 1, maxUnavailable: 1'))).toEqual([
      'all.yaml:4:42: spec.maxUnavailable: expected minAvailable or maxUnavailable, found both',
    ]);
    expect(faultsOf(budget('minAvailable: "101%"'))).toEqual([
      'all.yaml:4:23: spec.minAvailable: expected at most 100%; found "101%"',
    ]);
    // The empty selector: every pod of the namespace in v1, none in v1beta1.
    expect(read(budget('selector: {}')).budgets[0]!.selector).toBeDefined();
    expect(read(budget('selector: {}', 'v1beta1')).budgets[0]!.selector).toBeUndefined();
  });
});

describe('autoscalers', () => {
  const hpa = (spec: string, version = 'v2') =>
    object(
      `autoscaling/${version}`,
      'HorizontalPodAutoscaler',
      `scaleTargetRef: { kind: Deployment, name: web }, maxReplicas: 9, ${spec}`,
    );

  it('aim at 80 % of the CPU request where they say nothing, and at what v1 says (kubernetes.md 4.1)', () => {
    const aim = (percent: number) => [
      { kind: 'resource', resource: 'cpu', target: { kind: 'utilization', percent } },
    ];
    expect(read(hpa('')).horizontalAutoscalers).toEqual([
      {
        namespace: 'default',
        name: 'x',
        target: { kind: 'Deployment', namespace: 'default', name: 'web' },
        minReplicas: 1,
        maxReplicas: 9,
        metrics: aim(80),
      },
    ]);
    const old = read(hpa('targetCPUUtilizationPercentage: 55', 'v1')).horizontalAutoscalers[0]!;
    expect(old.metrics).toEqual(aim(55));
  });

  it('read every kind of metric, amounts in thousandths', () => {
    const metrics = `metrics: [
      { type: ContainerResource, containerResource: { name: memory, container: c, target: { type: AverageValue, averageValue: 1Mi } } },
      { type: Pods, pods: { metric: { name: rps, selector: { matchLabels: { a: b } } }, target: { type: AverageValue, averageValue: 1500m } } },
      { type: Object, object: { metric: { name: hits }, describedObject: { kind: Ingress, name: main }, target: { type: Value, value: 2k } } },
      { type: External, external: { metric: { name: queue }, target: { type: AverageValue, averageValue: 30 } } } ]`;
    expect(read(hpa(metrics)).horizontalAutoscalers[0]!.metrics).toEqual([
      {
        kind: 'resource',
        resource: 'memory',
        container: 'c',
        target: { kind: 'average-value', milliAverage: 1_048_576_000 },
      },
      {
        kind: 'pods',
        metric: { name: 'rps', selector: { matchLabels: { a: 'b' }, matchExpressions: [] } },
        target: { kind: 'average-value', milliAverage: 1500 },
      },
      {
        kind: 'object',
        metric: { name: 'hits' },
        object: { kind: 'Ingress', namespace: 'default', name: 'main' },
        target: { kind: 'value', milliValue: 2_000_000 },
      },
      {
        kind: 'external',
        metric: { name: 'queue' },
        target: { kind: 'average-value', milliAverage: 30_000 },
      },
    ]);
  });

  it('with any behavior have rules for both directions', () => {
    const behavior =
      'behavior: { scaleDown: { selectPolicy: Disabled, tolerance: "0.05", policies: [{ type: Pods, value: 1, periodSeconds: 60 }] } }';
    expect(read(hpa(behavior)).horizontalAutoscalers[0]!.behavior).toEqual({
      scaleUp: {
        stabilizationUs: 0,
        selectPolicy: 'Max',
        policies: [
          { kind: 'Pods', value: 4, periodUs: 15 * SECOND },
          { kind: 'Percent', value: 100, periodUs: 15 * SECOND },
        ],
      },
      scaleDown: {
        stabilizationUs: 300 * SECOND,
        selectPolicy: 'Disabled',
        policies: [{ kind: 'Pods', value: 1, periodUs: 60 * SECOND }],
        tolerance: 0.05,
      },
    });
  });

  it('of wrong bounds and without a target are faults, all of them', () => {
    expect(
      faultsOf(
        object('autoscaling/v2', 'HorizontalPodAutoscaler', 'minReplicas: 5, maxReplicas: 2'),
      ),
    ).toEqual([
      'all.yaml:4:38: spec.maxReplicas: expected at least the 5 of minReplicas, found 2',
      'all.yaml:4:7: spec.scaleTargetRef.name: expected the name of what is scaled; found nothing',
    ]);
  });

  it('of requests recreate pods and look at all containers (kubernetes.md 4.2)', () => {
    const spec =
      'targetRef: { kind: Deployment, name: web }, resourcePolicy: { containerPolicies: [{ containerName: c, maxAllowed: { cpu: 500m, memory: 1Gi } }] }';
    expect(
      read(object('autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', spec)).verticalAutoscalers,
    ).toMatchObject([
      {
        updateMode: 'Recreate',
        containerPolicies: [
          {
            container: 'c',
            mode: 'Auto',
            maxAllowed: { cpu: 500, memory: 1_073_741_824 },
            controlledResources: ['cpu', 'memory'],
            controlledValues: 'RequestsAndLimits',
          },
        ],
      },
    ]);
  });

  it('of KEDA have its defaults and stop where an annotation says so (kubernetes.md 4.3)', () => {
    const scaled = object(
      'keda.sh/v1alpha1',
      'ScaledObject',
      'scaleTargetRef: { name: web }, triggers: [{ type: cron, metadata: { start: "0 8 * * *" } }]',
    );
    const [found] = read(scaled).scaledObjects;
    expect(found).toMatchObject({
      target: { kind: 'Deployment', name: 'web' },
      pollingUs: 30 * SECOND,
      cooldownUs: 300 * SECOND,
      initialCooldownUs: 0,
      minReplicas: 0,
      maxReplicas: 100,
      isPaused: false,
      triggers: [{ type: 'cron', metricType: 'AverageValue', metadata: { start: '0 8 * * *' } }],
    });
    const paused = scaled.replace(
      'name: x }',
      'name: x, annotations: { autoscaling.keda.sh/paused-replicas: "3" } }',
    );
    expect(read(paused).scaledObjects[0]).toMatchObject({ isPaused: true, pausedReplicas: 3 });
  });
});

describe('what bears on the pods of others', () => {
  const pinned = (volume: string, claim = '') => {
    const { services, storage } = read(
      object(
        'v1',
        'PersistentVolume',
        `storageClassName: gp3, capacity: { storage: 10Gi }, accessModes: [ReadWriteOnce], ${volume}`,
        'disk',
      ),
      object(
        'v1',
        'PersistentVolumeClaim',
        `storageClassName: gp3, resources: { requests: { storage: 5Gi } }, accessModes: [ReadWriteOnce] ${claim}`,
        'data',
      ),
      object(
        'apps/v1',
        'Deployment',
        `${SELECTOR}, template: { metadata: { labels: { app: x } }, spec: { volumes: [{ name: d, persistentVolumeClaim: { claimName: data } }], containers: [{ name: c }] } }`,
      ),
    );
    return keepToVolumes(services[0]!.spec, 'default', storage).requirements;
  };
  const inZoneA =
    'nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: topology.kubernetes.io/zone, operator: In, values: [us-east-1a] }] }] } }';

  it('outside Kubernetes a disk of a zone keeps the pods of its claim to the zone (kubernetes.md 1.8)', () => {
    const zone = [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['us-east-1a'] }];
    expect(pinned(inZoneA)).toEqual(zone);
    expect(pinned(`${inZoneA}, claimRef: { namespace: default, name: data }`)).toEqual(zone);
    expect(pinned(`${inZoneA}, claimRef: { namespace: default, name: other }`)).toEqual([]);
    expect(pinned('hostPath: { path: /mnt }')).toEqual([]);
  });

  it('a LimitRange fills in what containers leave out', () => {
    const range = object(
      'v1',
      'LimitRange',
      'limits: [{ type: Container, default: { cpu: 2, memory: 512Mi }, defaultRequest: { cpu: 250m } }]',
      'range',
    );
    const pod = (resources: string) => {
      const text = object(
        'v1',
        'Pod',
        `containers: [{ name: c, resources: { ${resources} } }]`,
        'p',
      );
      const { spec } = read(range, text).services[0]!;
      return [spec.cpuTicks / 128, spec.memoryBytes / 1_048_576, spec.usage.limitTicks / 128];
    };
    expect(pod('')).toEqual([250, 512, 2000]); // memory: the default is the default request too
    expect(pod('requests: { cpu: 1 }')).toEqual([1000, 512, 2000]);
    expect(pod('limits: { cpu: 1 }')).toEqual([1000, 512, 1000]); // a limit is its own request
  });

  it('Services, Namespaces and Nodes are kept as they are', () => {
    const found = read(
      object('v1', 'Service', 'selector: { app: x }, ports: [{ port: 80 }]', 'front'),
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: a } }\n',
      'apiVersion: v1\nkind: Node\nmetadata: { name: n1, labels: { zone: a } }\nspec: { taints: [{ key: gpu, effect: NoSchedule }] }\nstatus: { capacity: { cpu: "4", memory: 8Gi }, allocatable: { cpu: 3920m } }\n',
    );
    expect(found.serviceSelectors).toEqual([
      { namespace: 'default', name: 'front', labels: { app: 'x' } },
    ]);
    expect(found.namespaces).toEqual({ shop: { team: 'a' } });
    expect(found.nodes).toEqual([
      {
        name: 'n1',
        labels: { zone: 'a' },
        taints: [{ key: 'gpu', value: '', effect: 'NoSchedule' }],
        isUnschedulable: false,
        capacity: { cpu: 4000, memory: 8_589_934_592 },
        allocatable: { cpu: 3920 },
      },
    ]);
  });

  it('what another object of these made, or what has ended, is skipped and said to be', () => {
    const owned = `apiVersion: v1
kind: Pod
metadata: { name: web-1, ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: x, controller: true }] }
spec: { containers: [{ name: c }] }
`;
    const ended = `apiVersion: v1\nkind: Pod\nmetadata: { name: old }\nspec: { containers: [{ name: c }] }\nstatus: { phase: Succeeded }\n`;
    const { services, skipped } = read(
      object('apps/v1', 'Deployment', `${SELECTOR}, template: { ${POD} }`),
      owned,
      ended,
    );
    expect(services).toHaveLength(1);
    expect(skipped.map(({ name, reason }) => [name, reason])).toEqual([
      ['web-1', 'made by Deployment x, which is read'],
      ['old', 'has ended'],
    ]);
    expect(read(owned).services).toHaveLength(1);
  });
});
