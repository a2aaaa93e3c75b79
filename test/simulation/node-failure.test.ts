/** What Kubernetes makes of machines that stop answering, from end to end (kubernetes.md 2.10). */

import { describe, expect, it } from 'vitest';
import { ROUND, START_S, seconds } from './round-latencies.ts';
import { runText } from '../support/run-scenario.ts';

const FAIL_AT_S = 1_000;

function run(parts: {
  disruptions: string;
  workload?: string;
  pools?: string;
  orchestrator?: string;
  duration?: string;
}) {
  const {
    disruptions,
    workload = '{ service: { name: web, cpu: 1, memory: 1GiB, replicas: 6, spread: [{ topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway }] } }',
    pools = ['a', 'b', 'c']
      .map(
        (zone) =>
          `z${zone}: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1, zone: ${zone} } }`,
      )
      .join(', '),
    orchestrator = 'kubernetes',
    duration = '1h',
  } = parts;
  return runText(
    `
name: node-failure
seed: 1
duration: ${duration}
sampling: 10m
${ROUND}
disruptions: [${disruptions}]
workload: [${workload}]
variants: { it: { orchestrator: ${orchestrator}, pools: { ${pools} } } }
`,
    true,
  );
}

const outage = (zone: string, lengthS: number) =>
  `{ zoneOutage: { zone: ${zone}, at: ${FAIL_AT_S}s, duration: ${lengthS}s } }`;
const afterS = (timeUs: number | null) => seconds(timeUs)! - FAIL_AT_S;

describe('a node that falls silent', () => {
  const { tasks, decisions } = run({ disruptions: outage('a', 2_000) });
  const lost = tasks.filter(({ zone, reason }) => zone === 'a' && reason === 'taint-evicted');
  const taints = decisions.filter(({ decision }) => decision === 'taint');

  it('pitfall 8.11: is unknown after 50 s, and its pods are deleted 300 s after its NoExecute taint (2.10)', () => {
    const unknown = taints.find(({ reason }) => reason.endsWith('unreachable:NoSchedule'))!;
    // Its last heartbeat is up to 10 s old, and seen by a loop of 5 s.
    expect(afterS(unknown.timeUs)).toBeGreaterThan(50 - 10);
    expect(afterS(unknown.timeUs)).toBeLessThanOrEqual(50 + 5);
    const tainted = taints.find(({ reason }) => reason.endsWith('unreachable:NoExecute'))!;
    // The loop after the one that found it unknown queues it.
    expect(tainted.timeUs - unknown.timeUs).toBe(5e6);
    const evicted = decisions.filter(({ reason }) => reason === 'taint-evicted');
    expect(evicted[0]!.timeUs - tainted.timeUs).toBe(300e6);
  });

  it('pitfall 8.11: has its pods replaced elsewhere while they stay terminating until it answers (2.10)', () => {
    expect(lost).toHaveLength(2);
    for (const pod of lost) {
      // Back at 2000 s; the kubelet confirms the deletion a second later.
      expect(afterS(pod.finishedUs)).toBe(2_000 + 1);
    }
    const evictions = decisions.filter(({ reason }) => reason === 'taint-evicted');
    const replacements = tasks.filter(({ submittedUs }) => afterS(submittedUs) > 0);
    expect(replacements.map(({ submittedUs }) => submittedUs)).toEqual(
      evictions.map(({ timeUs }) => timeUs),
    );
    for (const { zone } of replacements) expect(['b', 'c']).toContain(zone);
  });

  it('loses its taints at the first loop after it is back', () => {
    const last = taints.at(-1)!;
    expect(last.reason).toBe('');
    expect(afterS(last.timeUs)).toBeGreaterThan(2_000);
    expect(afterS(last.timeUs)).toBeLessThanOrEqual(2_005);
  });

  it('that is back before its pods are deleted starts them anew in place', () => {
    const short = run({ disruptions: outage('a', 120) });
    expect(short.decisions.filter(({ reason }) => reason === 'taint-evicted')).toEqual([]);
    const inZone = short.tasks.filter(({ zone }) => zone === 'a');
    for (const { attempts, startedUs, readyUs } of inZone) {
      expect(attempts).toBe(2);
      expect(seconds(startedUs)).toBeLessThan(FAIL_AT_S);
      expect(afterS(readyUs)).toBe(120 + START_S);
    }
  });
});

describe('nodes of one zone', () => {
  it('are given their NoExecute taints 10 s apart (0.1 a second), also when the whole zone is silent (2.10)', () => {
    const { decisions } = run({ disruptions: outage('a', 2_000) });
    const times = decisions
      .filter(({ reason }) => reason.endsWith('unreachable:NoExecute'))
      .map(({ timeUs }) => timeUs / 1e6);
    expect(times).toHaveLength(2);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(10);
    expect(times[1]! - times[0]!).toBeLessThanOrEqual(15);
  });

  it('are not evicted when no zone has a node that answers (2.10)', () => {
    const all = ['a', 'b', 'c'].map((zone) => outage(zone, 1_500)).join(', ');
    const { decisions, tasks } = run({ disruptions: all });
    expect(decisions.filter(({ decision }) => decision === 'evict')).toEqual([]);
    for (const { attempts, state } of tasks) expect([attempts, state]).toEqual([2, 'running']);
  });
});

describe('a zone of which most is silent', () => {
  const pools =
    'bad: { external: { hosts: 4, cpu: 8, memory: 16GiB, costPerHour: 1, zone: a } }, ' +
    'good: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1, zone: a } }';
  const { decisions } = run({
    pools,
    workload: '{ service: { name: web, cpu: 1, memory: 1GiB, replicas: 12 } }',
    disruptions: `{ hostFailure: { after: ${FAIL_AT_S}s, pools: [bad] } }`,
    duration: '2h',
  });
  const tainted = (effect: string) =>
    decisions.filter(({ reason }) => reason.endsWith(`unreachable:${effect}`)).length;

  it('is in partial disruption: no more NoExecute taints below 50 nodes, while NoSchedule ones stay (2.10)', () => {
    // 4 of 6 are 67 %. One or two are tainted before the others have been silent for 50 s.
    expect(tainted('NoSchedule')).toBe(4);
    expect(tainted('NoExecute')).toBeGreaterThanOrEqual(1);
    expect(tainted('NoExecute')).toBeLessThanOrEqual(2);
  });
});

describe('a pod that says how long it bears a silent node', () => {
  it('is deleted so long after the taint (2.10)', () => {
    const toleration =
      '{ key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, seconds: 30 }';
    const { decisions } = run({
      disruptions: outage('a', 2_000),
      workload: `{ service: { name: web, cpu: 1, memory: 1GiB, replicas: 6, tolerations: [${toleration}] } }`,
    });
    const tainted = decisions.find(({ reason }) => reason.endsWith('unreachable:NoExecute'))!;
    const evicted = decisions.find(({ reason }) => reason === 'taint-evicted')!;
    expect(evicted.timeUs - tainted.timeUs).toBe(30e6);
  });
});

describe('a node that never comes back', () => {
  const pools =
    'bad: { external: { hosts: 1, cpu: 8, memory: 16GiB, costPerHour: 1 } }, ' +
    'good: { external: { hosts: 1, cpu: 8, memory: 16GiB, costPerHour: 1 } }';
  const workload =
    '{ service: { name: web, cpu: 1, memory: 1GiB, replicas: 2, spread: [{ topologyKey: kubernetes.io/hostname }] } }';
  const failure = (more: string) =>
    `{ hostFailure: { after: ${FAIL_AT_S}s, pools: [bad] ${more} } }`;

  it('keeps its pods terminating to the end of the run', () => {
    const { tasks, summary } = run({ pools, workload, disruptions: failure('') });
    expect(
      tasks.filter(({ host, finishedUs }) => host === 'bad-0' && finishedUs === null),
    ).toHaveLength(1);
    expect(summary.tasksSubmitted).toBe(3);
  });

  it('has them deleted by force once it is out of service (2.10)', () => {
    const { tasks } = run({ pools, workload, disruptions: failure(', outOfService: 100s') });
    const pod = tasks.find(({ host }) => host === 'bad-0')!;
    expect([pod.state, pod.reason]).toEqual(['cancelled', 'host-failed']);
    // Deleted at once, and by force at a tick of the collector within 20 s.
    expect(afterS(pod.finishedUs)).toBeGreaterThan(100);
    expect(afterS(pod.finishedUs)).toBeLessThanOrEqual(120);
    const next = tasks.find(({ submittedUs }) => afterS(submittedUs) > 0)!;
    expect(afterS(next.submittedUs)).toBe(100);
  });

  it('of a group is terminated as unhealthy, dropped, and its pods are collected (2.10)', () => {
    const { tasks, hosts } = run({
      pools: 'base: { asg: { instanceTypes: [m6i.large], min: 1, max: 1 } }',
      workload: '{ service: { name: web, cpu: 1, memory: 1GiB } }',
      disruptions: `{ hostFailure: { after: ${FAIL_AT_S}s, pools: [base] } }`,
      duration: '30m',
    });
    const [failed, next] = hosts;
    const failedUs = failed!.runningUs! + FAIL_AT_S * 1e6;
    expect(failed!.terminationReason).toBe('unhealthy');
    expect(failed!.terminatedUs! - failedUs).toBe(180e6);
    expect(next!.requestedUs).toBe(failed!.terminatedUs);
    const lost = tasks.find(({ host }) => host === failed!.host)!;
    // The instance is gone after 50 s, its node object within 5 s, missed within 20 s, collected 40 s later.
    const goneUs = lost.finishedUs! - failed!.terminatedUs!;
    expect(goneUs).toBeGreaterThan((50 + 40) * 1e6);
    expect(goneUs).toBeLessThanOrEqual((50 + 5 + 20 + 40) * 1e6);
    expect(lost.reason).toBe('host-failed');
    // Nobody pays for the time in which the pod is bound to a machine that is gone.
    expect(failed!.billedUs).toBe(failed!.terminatedUs! - failed!.runningUs!);
    expect(failed!.cpuUtilization).toBeLessThanOrEqual(1);
  });
});

describe('under other orchestrators', () => {
  it('an ECS task stays with its silent instance and has ended when that is back', () => {
    const { tasks } = run({
      orchestrator: 'ecs',
      workload: '{ service: { name: web, cpu: 1, memory: 1GiB, replicas: 3 } }',
      disruptions: outage('a', 600),
    });
    const lost = tasks.filter(({ reason }) => reason === 'host-failed');
    expect(lost.length).toBe(1);
    for (const { finishedUs, zone } of lost) expect([afterS(finishedUs), zone]).toEqual([600, 'a']);
    expect(tasks).toHaveLength(4);
  });

  it('a batch job is lost with its host and submitted again at once', () => {
    const { tasks } = run({
      orchestrator: 'batch',
      workload:
        '{ jobs: { name: work, cpu: 1, memory: 1GiB, arrivals: { at: [0s] }, duration: 30m } }',
      disruptions: outage('a', 600),
    });
    expect(tasks.map(({ state }) => state)).toEqual(['cancelled', 'completed']);
    expect(afterS(tasks[0]!.finishedUs)).toBe(0);
    expect(afterS(tasks[1]!.startedUs)).toBe(0);
  });
});

describe('a job on a node that never comes back', () => {
  it('runs again elsewhere once its pod is deleted, though that stays terminating (2.10)', () => {
    const { tasks } = run({
      pools:
        'bad: { external: { hosts: 1, cpu: 8, memory: 16GiB, costPerHour: 1 } }, ' +
        'good: { external: { hosts: 1, cpu: 8, memory: 16GiB, costPerHour: 1 } }',
      workload:
        '{ jobs: { name: work, cpu: 1, memory: 1GiB, arrivals: { at: [0s, 1s] }, duration: 1500s } }',
      disruptions: `{ hostFailure: { after: ${FAIL_AT_S}s, pools: [bad] } }`,
    });
    const lost = tasks.find(({ host }) => host === 'bad-0')!;
    const again = tasks.filter(({ origin }) => origin === lost.origin);
    expect(again).toHaveLength(2);
    expect(lost.finishedUs).toBeNull();
    const next = again.find((task) => task !== lost)!;
    expect(next).toMatchObject({ host: 'good-0', state: 'completed' });
    expect(afterS(next.submittedUs)).toBeGreaterThan(345);
    expect(afterS(next.submittedUs)).toBeLessThan(400);
  });
});
