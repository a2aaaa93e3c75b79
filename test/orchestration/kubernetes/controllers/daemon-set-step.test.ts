import { describe, expect, it } from 'vitest';
import {
  DAEMON_TOLERATIONS,
  afterFailedPod,
  daemonStep,
  shouldContinue,
  shouldRun,
} from '../../../../src/orchestration/kubernetes/controllers/daemon-set-step.ts';
import { PLAIN_POD } from '../../../../src/cluster/pod-template.ts';
import { plainTaskSpec } from '../../../../src/cluster/spec.ts';
import type {
  DaemonPod,
  DaemonUpdate,
} from '../../../../src/orchestration/kubernetes/controllers/daemon-set-step.ts';
import type { Taint } from '../../../../src/cluster/spec.ts';

interface Pod extends DaemonPod {
  readonly name: string;
}

function pod(name: string, parts: Partial<DaemonPod> = {}): Pod {
  const state = { isTerminating: false, isReady: true, isAvailable: true, isCurrent: true };
  return { name, ...state, ...parts };
}

const ONE_BY_ONE: DaemonUpdate = {
  updates: true,
  maxUnavailable: { count: 1 },
  maxSurge: { count: 0 },
};

/** What happens on nodes 0, 1, ... that hold these pods. */
function step(nodes: readonly (readonly Pod[])[], options: Partial<DaemonUpdate> = {}) {
  const { create, remove } = daemonStep(
    nodes.map((pods, node) => ({ node, pods })),
    { ...ONE_BY_ONE, ...options },
  );
  return { create, remove: remove.map(({ name }) => name) };
}

const old = { isCurrent: false };
const broken = { isCurrent: false, isAvailable: false, isReady: false };

describe('where the pods of a DaemonSet run (kubernetes.md 3.4)', () => {
  const spec = { ...plainTaskSpec('agent', 'daemon', 0, 0), tolerations: DAEMON_TOLERATIONS };
  const taint = (key: string, effect: Taint['effect']) => ({ key, value: '', effect });
  const node = (...taints: Taint[]) => ({ name: 'node-1', labels: { disk: 'ssd' }, taints });

  it('is every node whose labels match, whatever is free there', () => {
    expect(shouldRun({ ...spec, nodeSelector: { disk: 'ssd' } }, node())).toBe(true);
    expect(shouldRun({ ...spec, nodeSelector: { disk: 'hdd' } }, node())).toBe(false);
  });

  it('follows node affinity by name', () => {
    const fields = [{ key: 'metadata.name', operator: 'In', values: ['node-2'] } as const];
    const pinned = { ...PLAIN_POD, requiredNodeTerms: [{ expressions: [], fields }] };
    expect(shouldRun({ ...spec, pod: pinned }, node())).toBe(false);
    expect(shouldRun({ ...spec, pod: { ...PLAIN_POD, nodeName: 'node-1' } }, node())).toBe(true);
  });

  it('includes nodes that are cordoned, under pressure or not ready', () => {
    const cordoned = taint('node.kubernetes.io/unschedulable', 'NoSchedule');
    const lost = taint('node.kubernetes.io/unreachable', 'NoExecute');
    expect(shouldRun(spec, node(cordoned, lost))).toBe(true);
  });

  it('ends at a NoExecute taint; a NoSchedule taint only keeps new pods away', () => {
    const dedicated = node(taint('dedicated', 'NoSchedule'));
    const emptied = node(taint('dedicated', 'NoExecute'));
    expect([shouldRun(spec, dedicated), shouldContinue(spec, dedicated)]).toEqual([false, true]);
    expect([shouldRun(spec, emptied), shouldContinue(spec, emptied)]).toEqual([false, false]);
  });
});

describe('a DaemonSet without surge (kubernetes.md 3.4)', () => {
  it('makes a pod where no object of one is left, and keeps the oldest of several', () => {
    const leaving = pod('leaving', { isTerminating: true });
    expect(step([[], [leaving], [pod('a'), pod('b')]])).toEqual({ create: [0], remove: ['b'] });
  });

  it('replaces as many available pods as may be unavailable, in the order of nodes', () => {
    const nodes = ['a', 'b', 'c'].map((name) => [pod(name, old)]);
    expect(step(nodes)).toEqual({ create: [], remove: ['a'] });
    // 34 % of 3 nodes is 1.02, rounded up to 2.
    expect(step(nodes, { maxUnavailable: { percent: 34 } }).remove).toEqual(['a', 'b']);
  });

  it('counts new pods that are not available, and nodes without a pod, as unavailable', () => {
    const fresh = pod('fresh', { isAvailable: false });
    expect(step([[fresh], [pod('b', old)]]).remove).toEqual([]);
    expect(step([[pod('gone', { isTerminating: true })], [pod('b', old)]]).remove).toEqual([]);
  });

  it('always replaces old pods that are not available', () => {
    expect(step([[pod('a', broken)], [pod('b', broken)], [pod('c', old)]]).remove).toEqual([
      'a',
      'b',
    ]);
  });

  it('leaves old pods alone with OnDelete', () => {
    expect(step([[pod('a', old)]], { updates: false })).toEqual({ create: [], remove: [] });
  });
});

describe('a DaemonSet with surge (kubernetes.md 3.4)', () => {
  const surging = { maxSurge: { count: 1 }, maxUnavailable: { count: 0 } };

  it('makes new pods beside old ones on so many nodes, and beside all that are not available', () => {
    const nodes = [[pod('a', old)], [pod('b', old)], [pod('c', broken)]];
    expect(step(nodes, surging)).toEqual({ create: [2, 0], remove: [] });
  });

  it('removes the old pod when the new one is available, or when it is not ready itself', () => {
    const fresh = pod('new', { isAvailable: false, isReady: false });
    expect(step([[pod('a', old), pod('new')]], surging).remove).toEqual(['a']);
    expect(step([[pod('a', old), fresh], [pod('b', old)]], surging)).toEqual({
      create: [],
      remove: [],
    });
    expect(step([[pod('a', broken), fresh]], surging).remove).toEqual(['a']);
  });
});

it('waits 1 s, 2 s ... 15 min after failures on one node, not at all after the first (kubernetes.md 3.4)', () => {
  const first = afterFailedPod(undefined, 0);
  expect(first.atUs).toBe(0);
  const second = afterFailedPod(first.backOff, 100_000);
  expect(second.atUs).toBe(1_000_000);
  expect(afterFailedPod(second.backOff, 1_500_000).atUs).toBe(3_000_000);
  // 31 minutes later it is as if none had failed.
  expect(afterFailedPod(second.backOff, 1_862_000_000).atUs).toBe(1_862_000_000);
});
