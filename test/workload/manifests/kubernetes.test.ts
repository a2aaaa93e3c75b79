import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../../src/base/scenario-error.ts';
import {
  PLAIN_MANIFEST_OPTIONS,
  readKubernetesManifests,
} from '../../../src/workload/manifests/kubernetes.ts';
import type { ManifestWorkloads } from '../../../src/workload/manifests/manifest-workloads.ts';

const MIB = 1_048_576;

function read(...texts: string[]): ManifestWorkloads {
  return readKubernetesManifests(texts.map((text, at) => ({ file: `${at}.yaml`, text })));
}

/** In order of their text; none when the manifest is fine. */
function faultsOf(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split('\n').toSorted((a, b) => (a < b ? -1 : 1));
  }
}

/** A Deployment `web` whose pod spec is the given YAML, indented by nothing. */
function deployment(podSpec: string, name = 'web'): string {
  const indented = podSpec.trim().replaceAll('\n', '\n      ');
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: 3
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      ${indented}
`;
}

const container = (requests: string, more = '') =>
  `{ name: c, image: i, resources: { requests: { ${requests} } }${more} }`;

describe('a Deployment', () => {
  it('is a service of its replicas with the image and labels of its pods', () => {
    const { services } = read(
      deployment(
        'containers:\n- { name: a, image: "shop/web:1.2", resources: { limits: { cpu: 250m } } }',
      ),
    );
    expect(services).toHaveLength(1);
    expect(services[0]).toMatchObject({ name: 'web', replicas: 3 });
    expect(services[0]!.spec).toMatchObject({
      workload: 'web',
      kind: 'service',
      image: 'shop/web:1.2',
      labels: { app: 'web' },
      cpuTicks: 32_000, // a limit without a request is the request: 250 x 128
      memoryBytes: 0,
      usage: { fractionOfRequest: 0.5, limitTicks: 32_000 },
    });
  });

  it('without replicas has one', () => {
    const text = deployment(`containers: [${container('cpu: 1')}]`).replace('  replicas: 3\n', '');
    expect(read(text).services[0]!.replicas).toBe(1);
  });
});

describe('the request of a pod', () => {
  function requestOf(podSpec: string): [cpuMilli: number, memoryMib: number] {
    const { spec } = read(deployment(podSpec)).services[0]!;
    return [spec.cpuTicks / 128, spec.memoryBytes / MIB];
  }

  it('is the sum of its containers, CPU rounded up to a milli-core', () => {
    const containers = `containers: [${container('cpu: 100.2m, memory: 64Mi')}, ${container('cpu: 0.5')}]`;
    expect(requestOf(containers)).toEqual([601, 64]); // 101 + 500
  });

  it('is the larger of that and its init containers, for each resource by itself', () => {
    const podSpec = `
initContainers: [${container('cpu: 2, memory: 1Mi')}]
containers: [${container('cpu: 1, memory: 8Mi')}]`;
    expect(requestOf(podSpec)).toEqual([2000, 8]);
  });

  it('counts a sidecar for the containers and for the init containers behind it', () => {
    const sidecar = container('cpu: 100m, memory: 10Mi', ', restartPolicy: Always');
    const podSpec = `
initContainers: [${container('memory: 95Mi')}, ${sidecar}, ${container('memory: 90Mi')}]
containers: [${container('cpu: 1, memory: 20Mi')}]`;
    // cpu 1000 + 100; memory max(20 + 10, 95, 10, 90 + 10) = 100
    expect(requestOf(podSpec)).toEqual([1100, 100]);
  });

  it('is replaced by what the pod itself states, and overhead comes on top', () => {
    const podSpec = `
resources: { requests: { cpu: 3 } }
overhead: { cpu: 50m, memory: 2Mi }
containers: [${container('cpu: 1, memory: 8Mi')}]`;
    expect(requestOf(podSpec)).toEqual([3050, 10]);
  });

  it('takes GPUs whole and leaves resources that no task has to the template', () => {
    const podSpec = `containers: [{ name: c, resources: { limits: { nvidia.com/gpu: 2, hugepages-2Mi: 4Mi } } }]`;
    const { spec } = read(deployment(podSpec)).services[0]!;
    expect(spec).toMatchObject({ gpuCount: 2, gpuMilli: 1000 });
    const requests = { 'nvidia.com/gpu': 2, 'hugepages-2Mi': 4 * MIB };
    expect(spec.pod?.containers[0]).toMatchObject({ requests, limits: requests });
  });

  it('has no CPU limit when one of its containers has none', () => {
    const limited = '{ name: c, resources: { limits: { cpu: 1 } } }';
    const limitOf = (containers: string) =>
      read(deployment(`containers: [${containers}]`)).services[0]!.spec.usage.limitTicks;
    expect(limitOf(`${limited}, ${limited}`)).toBe(256_000);
    expect(limitOf(`${limited}, ${container('cpu: 1')}`)).toBe(Infinity);
  });
});

describe('the placement of a pod', () => {
  const withContainer = (podSpec: string) => `${podSpec}\ncontainers: [${container('cpu: 1')}]`;

  it('keeps node selector, required node affinity, tolerations and spread', () => {
    const { services } = read(
      deployment(
        withContainer(`
nodeSelector: { disk: ssd }
affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
      - matchExpressions: [{ key: arch, operator: In, values: [amd64] }, { key: gpu, operator: DoesNotExist }]
tolerations: [{ operator: Exists }, { key: team, value: a, effect: NoSchedule }]
topologySpreadConstraints:
- { topologyKey: zone, maxSkew: 2, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: web } } }`),
      ),
    );
    expect(services[0]!.spec).toMatchObject({
      nodeSelector: { disk: 'ssd' },
      requirements: [
        { key: 'arch', operator: 'In', values: ['amd64'] },
        { key: 'gpu', operator: 'DoesNotExist', values: [] },
      ],
      tolerations: [
        { key: '', operator: 'Exists', value: '', effect: '' },
        { key: 'team', operator: 'Equal', value: 'a', effect: 'NoSchedule' },
      ],
      spread: [{ topologyKey: 'zone', maxSkew: 2, whenUnsatisfiable: 'ScheduleAnyway' }],
    });
  });

  it('stands in the template where a task cannot say it', () => {
    const { services } = read(
      deployment(
        withContainer(`
affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
      - matchExpressions: [{ key: zone, operator: In, values: [a] }]
      - matchExpressions: [{ key: zone, operator: In, values: [b] }]
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
    - { weight: 7, podAffinityTerm: { topologyKey: zone, labelSelector: {}, mismatchLabelKeys: [app] } }
topologySpreadConstraints:
- { topologyKey: zone, maxSkew: 1, labelSelector: { matchLabels: { app: other } } }`),
      ),
    );
    const { spec } = services[0]!;
    expect(spec).toMatchObject({ requirements: [], spread: [] });
    expect(spec.pod?.requiredNodeTerms?.map(({ expressions }) => expressions[0]!.values)).toEqual([
      ['a'],
      ['b'],
    ]);
    const notOwnApp = { key: 'app', operator: 'NotIn', values: ['web'] };
    expect(spec.pod?.antiAffinity.preferred).toMatchObject([
      { weight: 7, term: { topologyKey: 'zone', selector: { matchExpressions: [notOwnApp] } } },
    ]);
    expect(spec.pod?.topologySpread).toMatchObject([
      {
        topologyKey: 'zone',
        whenUnsatisfiable: 'DoNotSchedule',
        selector: { matchLabels: { app: 'other' } },
        minDomains: 1,
        nodeAffinityPolicy: 'Honor',
        nodeTaintsPolicy: 'Ignore',
      },
    ]);
  });

  it('takes its priority from a class wherever that is defined', () => {
    const classes = `
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: high }
value: 1000
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: usual }
value: -5
globalDefault: true`;
    const priorityOf = (line: string) =>
      read(deployment(withContainer(line)), classes).services[0]!.spec.priority;
    expect(priorityOf('priorityClassName: high')).toBe(1000);
    expect(priorityOf('priorityClassName: system-node-critical')).toBe(2_000_001_000);
    expect(priorityOf('priorityClassName: unheard-of')).toBe(-5);
    expect(priorityOf('hostNetwork: false')).toBe(-5);
  });
});

describe('other kinds', () => {
  const podOf =
    'metadata: {}, spec: { containers: [{ name: c, resources: { requests: { cpu: 1 } } }] }';
  const object = (apiVersion: string, kind: string, spec: string, name = 'x') =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: { ${spec} }\n`;

  it('become daemons and jobs, or are listed as skipped with their place', () => {
    const {
      services,
      daemons,
      jobs,
      cronJobs,
      read: known,
      skipped,
      notes,
    } = read(
      [
        object('apps/v1', 'DaemonSet', `template: { ${podOf} }`, 'agent'),
        object('batch/v1', 'Job', `completions: 5, parallelism: 9, template: { ${podOf} }`, 'load'),
        object(
          'batch/v1',
          'CronJob',
          `schedule: "0 * * * *", jobTemplate: { spec: { template: { ${podOf} } } }`,
          'hourly',
        ),
        object('v1', 'Service', 'ports: []', 'front'),
        object('batch.volcano.sh/v1alpha1', 'Job', 'tasks: []', 'gang'),
      ].join('---\n'),
    );
    expect(services).toEqual([]);
    expect(daemons.map(({ name, spec }) => [name, spec.kind, spec.cpuTicks])).toEqual([
      ['agent', 'daemon', 128_000],
    ]);
    expect(jobs).toMatchObject([
      { name: 'load', completions: 5, parallelism: 5, atUs: 0, durationUs: 60e6 },
    ]);
    expect(jobs[0]!.spec.usage.fractionOfRequest).toBe(1);
    expect(cronJobs.map(({ name, cronJob }) => [name, cronJob.schedule])).toEqual([
      ['hourly', '0 * * * *'],
    ]);
    expect(known.map(({ kind }) => kind)).toEqual(['DaemonSet', 'Job', 'CronJob', 'Service']);
    expect(skipped.map(({ kind, name, line }) => [kind, name, line])).toEqual([
      ['Job', 'gang', 21],
    ]);
    expect(notes[0]!.message).toContain('every pod of a job runs 60 s');
  });

  it('read a job without completions as a work queue of its workers', () => {
    const { jobs, notes } = read(
      object('batch/v1', 'Job', `parallelism: 4, template: { ${podOf} }`),
    );
    expect(jobs).toMatchObject([{ completions: 4, parallelism: 4 }]);
    expect(notes.at(-1)!.message).toBe('x: a work queue, read as 4 completions');
  });

  it('take a bare pod as a service, and as a job when it is not started again', () => {
    const pod = (policy: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { restartPolicy: ${policy}, containers: [{ name: c }] }`;
    expect(read(pod('Always')).services).toHaveLength(1);
    expect(read(pod('Never')).jobs).toHaveLength(1);
  });

  it('are found inside a List and given a name of their own', () => {
    const list = `
apiVersion: v1
kind: List
items:
- { apiVersion: apps/v1, kind: Deployment, metadata: { name: db }, spec: { template: { ${podOf} } } }
- { apiVersion: apps/v1, kind: StatefulSet, metadata: { name: db }, spec: { template: { ${podOf} } } }`;
    const { services, notes } = read(list);
    expect(services.map(({ name, spec }) => [name, spec.workload])).toEqual([
      ['db', 'db'],
      ['db-2', 'db-2'],
    ]);
    expect(notes.at(-1)).toMatchObject({
      line: 6,
      message: 'StatefulSet db of namespace default is called db-2 here',
    });
  });
});

describe('a wrong manifest', () => {
  it('reports every fault with its place', () => {
    const text = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: two
  template:
    metadata: { labels: { app: 1 } }
    spec:
      tolerations: [{ key: a, effect: Never }]
      containers:
      - name: c
        resources: { requests: { cpu: 1 core, memory: 1GB } }
`;
    expect(faultsOf(text)).toEqual([
      '0.yaml:10:39: spec.template.spec.tolerations[0].effect: expected one of NoSchedule, PreferNoSchedule, NoExecute; found "Never"',
      '0.yaml:13:39: spec.template.spec.containers[0].resources.requests.cpu: expected a Kubernetes quantity such as 500m, 2, 1.5Gi or 128Mi; found "1 core"',
      '0.yaml:13:55: spec.template.spec.containers[0].resources.requests.memory: expected a Kubernetes quantity such as 500m, 2, 1.5Gi or 128Mi; found "1GB"',
      '0.yaml:6:13: spec.replicas: expected a whole number of at least 0; found "two"',
      '0.yaml:8:32: spec.template.metadata.labels.app: expected a text (numbers and true/false need quotes); found 1',
    ]);
  });

  it('without containers, without a name or no object at all is refused', () => {
    expect(faultsOf('apiVersion: v1\nkind: Pod\nmetadata: {}\nspec: {}')).toEqual([
      '0.yaml:3:11: metadata.name: expected a name; found nothing',
      '0.yaml:4:7: spec.containers: expected at least one container; found nothing',
    ]);
    expect(faultsOf('- a\n- b')).toEqual([
      '0.yaml:1:1: expected a Kubernetes object with apiVersion and kind',
    ]);
    expect(faultsOf('a: b: c\n')).toEqual([
      '0.yaml:1:4: not YAML: Nested mappings are not allowed in compact mappings',
    ]);
  });

  it('that is a template still to be filled in is refused at the place', () => {
    const template = deployment('containers: [{ name: c, image: {{ .Values.image }} }]');
    expect(faultsOf(template)[0]).toMatch(
      /^0\.yaml:10:\d+: spec\.template\.spec\.containers\[0\]\.image: expected a text/,
    );
  });

  it('that defines an object twice is refused', () => {
    const web = deployment(`containers: [${container('cpu: 1')}]`);
    expect(faultsOf(`${web}---${web}`)).toEqual([
      '0.yaml:12:1: expected Deployment web of namespace default once; found it at 0.yaml:2 too',
    ]);
  });
});

const folder = `${process.env['BERTH_DATA']}/k8s-manifests`;

/** Objects counted with grep: Deployments and StatefulSets, DaemonSets. */
const REAL: readonly [app: string, services: number, daemons: number][] = [
  ['bookinfo', 6, 0],
  ['daemonsets', 0, 1],
  ['deathstarbench-hotelReservation', 19, 0],
  ['eks-workshop-base', 9, 0],
  ['kube-prometheus', 5, 1],
  ['online-boutique', 12, 0],
  ['otel-demo-rendered', 29, 1],
  ['sock-shop', 14, 0],
];

describe.skipIf(process.env['BERTH_DATA'] === undefined)(
  'real manifests (skipped without BERTH_DATA)',
  () => {
    function filesOf(app: string): { file: string; text: string }[] {
      return readdirSync(`${folder}/${app}`, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.yaml'))
        .toSorted((a, b) => (a < b ? -1 : 1))
        .map((file) => ({ file, text: readFileSync(`${folder}/${app}/${file}`, 'utf8') }));
    }

    it.each(REAL)('of %s load as %i services and %i daemons', (app, services, daemons) => {
      const files = filesOf(app).filter(({ file }) => file !== 'appGroup-example.yaml');
      const found = readKubernetesManifests(files, PLAIN_MANIFEST_OPTIONS);
      expect([found.services.length, found.daemons.length]).toEqual([services, daemons]);
      expect(found.jobs).toEqual([]);
    });

    it('ask for the CPU and memory that they state', () => {
      const { services } = readKubernetesManifests(
        filesOf('online-boutique').filter(({ file }) => file !== 'appGroup-example.yaml'),
      );
      expect(services.every(({ spec }) => spec.cpuTicks > 0 && spec.memoryBytes > 0)).toBe(true);
      expect(services.every(({ spec }) => spec.usage.limitTicks < Infinity)).toBe(true);
    });

    it('include one file that is no YAML, refused at its lines', () => {
      const [broken] = filesOf('online-boutique').filter(
        ({ file }) => file === 'appGroup-example.yaml',
      );
      expect(() => readKubernetesManifests([broken!])).toThrow(
        'appGroup-example.yaml:79:21: not YAML: Nested mappings are not allowed',
      );
    });
  },
);
