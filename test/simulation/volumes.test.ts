/** What claims mean for pods in a whole run: where they may go, what they wait for, and what becomes of their volumes. */

import { describe, expect, it } from 'vitest';
import { ROUND, START_S, seconds } from './round-latencies.ts';
import { runManifests, runText } from '../support/run-scenario.ts';

const MADE_S = 4;
const ATTACH_S = 5;
const DETACH_S = 7;
const FORCED_S = 360;
/** Scheduler's thought and API write. */
const BOUND_S = 0.5 + 0.25;
const FAIL_AT_S = 1_000;

const assumed = (more = '') =>
  ROUND.replace(
    'assumptions:',
    `assumptions:
  volume.provision-s: ${MADE_S}
  volume.attach-s: ${ATTACH_S}
  volume.detach-s: ${DETACH_S}
  volume.force-detach-s: ${FORCED_S}
  ${more}`,
  );

const ownHosts = (zones: readonly string[], hosts = 2) =>
  zones
    .map(
      (zone) =>
        `z${zone}: { external: { hosts: ${hosts}, cpu: 8, memory: 16GiB, costPerHour: 1, zone: ${zone} } }`,
    )
    .join(', ');

interface Parts {
  readonly service?: string;
  readonly workload?: string;
  readonly pools?: string;
  readonly more?: string;
  readonly classes?: string;
  readonly duration?: string;
  readonly assumptions?: string;
}

function scenario({
  service = 'replicas: 3, statefulSet: { podManagement: Parallel }, volumes: [{ name: data, size: 10GiB }]',
  workload = `{ service: { name: db, cpu: 1, memory: 1GiB, ${service} } }`,
  pools = ownHosts(['a', 'b', 'c']),
  more = '',
  classes = '{}',
  duration = '1h',
  assumptions = '',
}: Parts): string {
  return `
name: volumes
seed: 1
duration: ${duration}
sampling: 10m
${assumed(assumptions)}
storageClasses: ${classes}
${more}
workload: [${workload}]
variants: { it: { orchestrator: kubernetes, pools: { ${pools} } } }
`;
}

const run = (parts: Parts) => runText(scenario(parts), true);
const failing = (process: string) => `disruptions: [{ hostFailure: { ${process} } }]`;

describe('a pod of a StatefulSet with a volume of its own', () => {
  const outage = `disruptions: [{ zoneOutage: { zone: a, at: ${FAIL_AT_S}s, duration: 1000s } }]`;

  it('starts when its volume has been made in the zone of its node, and then attached there', () => {
    const { tasks } = run({
      service: 'replicas: 1, statefulSet: {}, volumes: [{ name: d, size: 1GiB }]',
    });
    expect(tasks).toHaveLength(1);
    expect(seconds(tasks[0]!.startedUs)).toBe(BOUND_S + MADE_S + ATTACH_S + START_S);
  });

  it('comes back only in the zone of its volume, where it finds it already made', () => {
    const { tasks } = run({ more: outage });
    const lost = tasks.filter(({ zone, finishedUs }) => zone === 'a' && finishedUs !== null);
    expect(lost.length).toBeGreaterThan(0);
    for (const { origin } of lost) {
      const successors = tasks.filter((one) => one.origin === origin && one.task !== origin);
      expect(successors).not.toEqual([]);
      for (const { zone, state } of successors) expect([zone, state]).toEqual(['a', 'running']);
    }
  });

  it('stays pending while that zone has no node for it, and says that no other reaches its volume', () => {
    // Every machine of zone a fails for good, and is given up after a minute.
    const { tasks, decisions } = run({
      more: failing('after: 1000s, pools: [za], outOfService: 60s'),
    });
    const lost = tasks.filter(({ zone, finishedUs }) => zone === 'a' && finishedUs !== null);
    const pending = tasks.filter(({ state }) => state === 'pending');
    expect(lost.length).toBeGreaterThan(0);
    expect(pending.map(({ origin }) => origin)).toEqual(lost.map(({ origin }) => origin));
    for (const { reason } of pending) expect(reason).toBe('volume-unreachable');
    expect(decisions.some(({ reason }) => reason === 'volume-unreachable')).toBe(true);
  });
});

describe('classes of storage', () => {
  // Both nodes of zone a are full of another service.
  const FULL =
    '{ service: { name: full, cpu: 8, memory: 1GiB, replicas: 2, nodeSelector: { topology.kubernetes.io/zone: a } } }';
  const DB = (more = '') =>
    `{ service: { name: db, cpu: 1, memory: 1GiB, priority: -1, replicas: 1, statefulSet: {}, volumes: [{ name: data, size: 1GiB, class: fast ${more} }] } }`;
  const outcome = (classes: string, volume = '') => {
    const { tasks } = run({ workload: `${FULL}, ${DB(volume)}`, classes });
    const { state, zone, reason } = tasks.find(({ workload }) => workload === 'db')!;
    return { state, zone, reason };
  };

  it('one that binds at once makes the volume where it likes: its pod waits for that zone for ever', () => {
    expect(outcome('{ fast: { binding: Immediate, zones: [a] } }')).toEqual({
      state: 'pending',
      zone: '',
      reason: 'volume-unreachable',
    });
  });

  it('one that waits for the first pod makes it where the pod goes', () => {
    const { state, zone } = outcome('{ fast: { binding: WaitForFirstConsumer } }');
    expect(state).toBe('running');
    expect(['b', 'c']).toContain(zone);
  });

  it('one that may make volumes in some zones alone keeps pods to these', () => {
    expect(outcome('{ fast: { zones: [c] } }')).toMatchObject({ state: 'running', zone: 'c' });
    expect(outcome('{ fast: { zones: [a] } }')).toMatchObject({ state: 'pending' });
  });

  it('a pod whose volume is being made waits without a node, and hears when it is bound', () => {
    const { tasks, decisions } = run({
      service: 'replicas: 1, statefulSet: {}, volumes: [{ name: data, size: 1GiB, class: fast }]',
      classes: '{ fast: { binding: Immediate } }',
    });
    expect(decisions.find(({ decision }) => decision === 'refuse')!.reason).toBe('volume-unbound');
    // Refused at 0.5 s, bound at 4 s; its backoff of 1 s is over by then.
    const boundUs = decisions.find(({ decision }) => decision === 'place')!.timeUs;
    expect(seconds(boundUs)).toBeGreaterThanOrEqual(MADE_S);
    expect(seconds(tasks[0]!.startedUs)).toBe(seconds(boundUs)! + BOUND_S + ATTACH_S + START_S);
  });

  it('that bind at once take the claims of a StatefulSet round the zones', () => {
    const { tasks } = run({
      service:
        'replicas: 6, statefulSet: { podManagement: Parallel }, volumes: [{ name: data, size: 1GiB, class: fast }]',
      classes: '{ fast: { binding: Immediate } }',
    });
    const zones = tasks.map(({ zone }) => zone).sort((x, y) => (x < y ? -1 : 1));
    expect(zones).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  });
});

describe('the number of volumes of a node', () => {
  it('is that of its type of instance: a pod too many stays pending', () => {
    // Four attachments less the root volume and the interface.
    const { tasks } = run({
      assumptions: 'ebs.nitro-attachments: 4',
      pools: 'work: { asg: { instanceTypes: [m6i.2xlarge], min: 1, max: 1 } }',
    });
    expect(tasks.map(({ state }) => state)).toEqual(['running', 'running', 'pending']);
    expect(tasks[2]!.reason).toBe('too-many-volumes');
  });
});

describe('a volume that one node at a time has attached', () => {
  const FILES = (replicas: number) => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: files }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 5Gi } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      volumes: [{ name: files, persistentVolumeClaim: { claimName: files } }]
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: web } } }] } }
      containers: [{ name: c, resources: { requests: { cpu: 1, memory: 1Gi } } }]
`;
  const outcome = (replicas: number, more = '') =>
    runManifests(
      scenario({ workload: '{ manifests: { path: web.yaml } }', more, pools: ownHosts(['a']) }),
      FILES(replicas),
    );

  it('is never there for a second pod on another node: that one is placed, and waits', () => {
    const { tasks } = outcome(2);
    expect(tasks.map(({ state }) => state)).toEqual(['running', 'placed']);
  });

  it('comes to the successor on another node once it is off the first: soon where that one is given up', () => {
    const { tasks } = outcome(1, failing('after: 1000s, pools: [za], outOfService: 60s'));
    const [first, second] = tasks;
    // Told at the next look of the collector that the first is gone; every node fails at the same time, so none is left.
    expect(first!.reason).toBe('host-failed');
    expect(second!.state).toBe('pending');
  });
});

describe('the claims of a set that shrinks', () => {
  const shrinks = (whenScaled: string) => {
    const service = `replicas: { min: 1, max: 3, initial: 3 }, baseline: 0, usage: 1%, scaling: { target: 60% }, statefulSet: { podManagement: Parallel, volumesWhenScaled: ${whenScaled} }, volumes: [{ name: data, size: 10GiB }]`;
    return run({
      service,
      duration: '2h',
      pools: 'all: { asg: { instanceTypes: [m6i.large], min: 3, max: 3 } }',
    });
  };
  const hours = (whenScaled: string) =>
    [...shrinks(whenScaled).costs]
      .filter(({ item, resource }) => item === 'ebs' && resource.startsWith('pvc-'))
      .map(({ quantity }) => quantity / 10)
      .sort((a, b) => a - b);

  it('are kept, and paid for, unless the set says that they go', () => {
    const kept = hours('Retain');
    const gone = hours('Delete');
    expect(kept).toHaveLength(3);
    for (const one of kept) expect(one).toBeGreaterThan(1.9);
    expect(gone.filter((one) => one > 1.9)).toHaveLength(1);
    expect(gone.filter((one) => one < 1)).toHaveLength(2);
  });
});
