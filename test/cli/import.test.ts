import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { command, folderWith } from './command.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
      - name: web
        image: quay.io/shop/web:1.2
        lifecycle: { postStart: { sleep: { seconds: 5 } }, preStop: { exec: { command: [sh, -c, sleep 5] } } }
        livenessProbe: { tcpSocket: { port: 80 }, failureThreshold: 5 }
        readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 5 }
        resources: { requests: { cpu: 500m, memory: 256Mi }, limits: { memory: 256Mi } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 9
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
`;

const DATABASE = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { resources: { requests: { storage: 1Gi } } } }]
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers: [{ name: db, image: mysql, resources: { requests: { cpu: 1, memory: 1Gi } } }]
`;

function shop(): string {
  const folder = folderWith({});
  mkdirSync(join(folder, 'shop'));
  writeFileSync(join(folder, 'shop', 'web.yaml'), WEB);
  writeFileSync(join(folder, 'shop', 'db.yaml'), DATABASE);
  return folder;
}

describe('berth import kubernetes', () => {
  it('writes what a scenario can say as entries and keeps the rest in its manifests', async () => {
    const folder = shop();
    const file = join(folder, 'shop.yaml');
    const { code, out, err } = await command([
      'import',
      'kubernetes',
      join(folder, 'shop'),
      '--out',
      file,
    ]);
    expect([code, out]).toEqual([0, '']);
    const text = readFileSync(file, 'utf8');
    expect(parse(text)).toMatchObject({
      name: 'shop',
      images: { mysql: {}, 'quay.io/shop/web:1.2': {} },
      workload: [
        {
          service: {
            name: 'web',
            image: 'quay.io/shop/web:1.2',
            cpu: '500m',
            memory: '256MiB',
            replicas: { min: 2, max: 9, initial: 3 },
            scaling: { target: '70%' },
            readinessProbe: { period: '5s' },
            livenessProbe: { period: '10s', failureThreshold: 5 },
            preStop: '5s',
            labels: { app: 'web' },
          },
        },
        { manifests: { path: './shop', only: ['db'] } },
      ],
    });
    expect(text).toContain('usage: 50% # assumed');
    expect(text).toContain('# db: claims of a StatefulSet');
    expect(err).toContain('ConfigMap  makes no tasks        1');
    expect(err).toMatch(
      /Deployment {2}spec\.template\.spec\.containers\[\]\.lifecycle\.postStart .*web\.yaml:13:33 +1/,
    );
  });

  it('makes a scenario that runs, every task placed', async () => {
    const folder = shop();
    const file = join(folder, 'shop.yaml');
    await command(['import', 'kubernetes', join(folder, 'shop'), '-o', file]);
    const args = [
      '--set',
      'duration=15m',
      '--out',
      join(folder, 'out'),
      '--workers',
      '1',
      '--json',
    ];
    const { code, out } = await command(['run', file, ...args]);
    expect(code).toBe(0);
    expect(out).toContain('"eks-cluster-autoscaler"');
    const summary = readFileSync(join(folder, 'out', 'summary.csv'), 'utf8')
      .trim()
      .split('\n');
    const column = summary[0]!.split(',').indexOf('tasks_pending');
    expect(summary.slice(1).map((row) => row.split(',')[column])).toEqual(['0', '0']);
  }, 60_000);

  it('expands all that comes from a pipe, and says what is lost', async () => {
    const { code, out, err } = await command(['import', 'kubernetes', '-'], {}, DATABASE);
    expect(code).toBe(0);
    expect(parse(out)).toMatchObject({ name: 'imported', workload: [{ service: { name: 'db' } }] });
    expect(out).toContain('# not said here: claims of a StatefulSet');
    expect(err).toContain('WRITTEN WITHOUT');
  });

  it('writes ordered replicas, budgets, Jobs and clocks with the keys that a scenario has', async () => {
    const template = (more = '') =>
      `template: { metadata: { labels: { app: x } }, spec: { ${more} containers: [{ name: c, resources: { requests: { cpu: 1 } } }] } }`;
    const object = (apiVersion: string, kind: string, name: string, spec: string) =>
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: { ${spec} }\n`;
    const selector = 'selector: { matchLabels: { app: x } }';
    const text = [
      object(
        'apps/v1',
        'StatefulSet',
        'queue.main',
        `podManagementPolicy: Parallel, ${selector}, ${template()}`,
      ),
      object('policy/v1', 'PodDisruptionBudget', 'queue', `maxUnavailable: 1, ${selector}`),
      object(
        'batch/v1',
        'Job',
        'load',
        `completions: 6, parallelism: 2, ${template('restartPolicy: Never,').replace('app: x', 'app: y')}`,
      ),
      object(
        'batch/v1',
        'CronJob',
        'nightly',
        `schedule: "0 2 * * *", concurrencyPolicy: Forbid, jobTemplate: { spec: { ${template('restartPolicy: Never,').replace('app: x', 'app: z')} } }`,
      ),
    ].join('---\n');
    const { code, out } = await command(['import', 'kubernetes', '-'], {}, text);
    expect(code).toBe(0);
    expect(parse(out)).toMatchObject({
      duration: '24h',
      workload: [
        {
          service: {
            name: 'queue-main',
            statefulSet: { podManagement: 'Parallel' },
            disruptionBudget: { maxUnavailable: 1 },
          },
        },
        {
          jobs: { name: 'load', arrivals: { at: ['0s'] }, job: { parallelism: 2, completions: 6 } },
        },
        {
          jobs: {
            name: 'nightly',
            arrivals: {
              cron: { schedule: '0 2 * * *', concurrency: 'Forbid', startingDeadline: 'Never' },
            },
            duration: '1m',
          },
        },
      ],
    });
  });

  it('takes NodePools for Karpenter and Nodes for a cluster as it is', async () => {
    const node = (name: string, type: string) => `---
apiVersion: v1
kind: Node
metadata: { name: ${name}, labels: { node.kubernetes.io/instance-type: ${type} } }
spec: { taints: [{ key: team, value: a, effect: NoSchedule }] }
status: { capacity: { cpu: "8", memory: 32Gi }, allocatable: { cpu: "8", memory: 30Gi } }
`;
    const pool =
      '---\napiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: { name: general }\nspec: { template: { spec: { requirements: [{ key: karpenter.k8s.aws/instance-category, operator: In, values: [m] }] } } }\n';
    const folder = folderWith({
      'all.yaml': `${WEB}${node('a', 'm6i.2xlarge')}${node('b', 'm6i.2xlarge')}${node('c', 'own.rack')}${pool}`,
    });
    const file = join(folder, 'scenario.yaml');
    const { code } = await command(['import', 'kubernetes', join(folder, 'all.yaml'), '-o', file]);
    expect(code).toBe(0);
    const taints = [{ key: 'team', value: 'a', effect: 'NoSchedule' }];
    expect(parse(readFileSync(file, 'utf8'))).toMatchObject({
      variants: {
        'eks-karpenter': { pools: { work: { karpenter: { nodePools: './all.yaml' } } } },
        'as-it-is': {
          pools: {
            'm6i-2xlarge': { asg: { instanceTypes: ['m6i.2xlarge'], min: 2, max: 2 }, taints },
            'own-rack': {
              external: { hosts: 1, cpu: '8', memory: '32GiB', costPerHour: 0 },
              taints,
            },
          },
        },
      },
    });
    expect((await command(['validate', file])).out).toContain('3 variants');
  });

  it('keeps everything in its manifests when asked to', async () => {
    const folder = shop();
    const { out } = await command([
      'import',
      'kubernetes',
      join(folder, 'shop'),
      '--keep',
      'everything',
    ]);
    const { workload } = parse(out) as { workload: { manifests: { only?: unknown } }[] };
    expect(workload).toHaveLength(1);
    expect(workload[0]!.manifests.only).toBeUndefined();
  });

  it.each([
    [['nowhere.yaml'], 'nowhere.yaml: expected a file or folder, found nothing there'],
    [['src/base'], 'found none (-R takes the folders in it too)'],
    [['-', '--keep', 'everything'], 'a scenario names one place'],
    [['-', '--keep', 'some'], 'Allowed choices are what-needs-it, everything, nothing.'],
  ])('%j is refused with 2 and a sentence', async (args, sentence) => {
    const { code, out, err } = await command(['import', 'kubernetes', ...args], {}, DATABASE);
    expect(err).toContain(sentence);
    expect([code, out]).toEqual([2, '']);
  });

  it('refuses files without pods, and every fault of a file with its place', async () => {
    const none = await command(
      ['import', 'kubernetes', '-'],
      {},
      'apiVersion: v1\nkind: Secret\nmetadata: { name: s }',
    );
    expect(none.err).toContain('expected at least one object that makes pods, found none among 1');
    const wrong = await command(
      ['import', 'kubernetes', '-'],
      {},
      WEB.replace('replicas: 3', 'replicas: many'),
    );
    expect(wrong.err).toContain('(stdin):5:13: spec.replicas: expected a whole number');
    expect([none.code, wrong.code]).toEqual([2, 2]);
  });
});
