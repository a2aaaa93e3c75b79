/** Whom a kubelet turns away while its node is short of disk or memory (kubernetes.md 2.8). */

import { describe, expect, it } from 'vitest';
import {
  DISK_PRESSURE,
  MEMORY_PRESSURE,
} from '../../../../src/orchestration/kubernetes/node/node-taints.ts';
import { World } from '../../../support/world.ts';
import { pressureRefusal } from '../../../../src/orchestration/kubernetes/node/kubelet-admission.ts';
import type { Taint, TaskSpec } from '../../../../src/cluster/spec.ts';

const CRITICAL = 2_000_000_000;
const TOLERATES_ALL: TaskSpec['tolerations'] = [
  { key: '', operator: 'Exists', value: '', effect: '' },
];

function refusal(pressure: Taint, parts: Partial<TaskSpec>) {
  const world = new World('kubernetes');
  const host = world.addHost(world.addPool('base', ['m6i.large']));
  const [task] = world.addPending(world.addWorkload('pod', 'service', 0, 0, parts));
  world.ledger.changeTaints(host, [], [pressure], 0);
  return pressureRefusal(world.cluster, task!, host);
}

describe('a pod that was bound to a node under pressure of disk', () => {
  it('is turned away, whatever it tolerates', () => {
    expect(refusal(DISK_PRESSURE, {})).toBe('taint');
    expect(refusal(DISK_PRESSURE, { tolerations: TOLERATES_ALL })).toBe('taint');
  });

  it('is run when it is critical', () => {
    expect(refusal(DISK_PRESSURE, { priority: CRITICAL })).toBeUndefined();
    expect(refusal(DISK_PRESSURE, { priority: CRITICAL - 1 })).toBe('taint');
  });
});

describe('a pod that was bound to a node under pressure of memory', () => {
  it('is turned away when it requests nothing and does not tolerate it', () => {
    expect(refusal(MEMORY_PRESSURE, {})).toBe('taint');
    expect(refusal(MEMORY_PRESSURE, { tolerations: TOLERATES_ALL })).toBeUndefined();
    expect(refusal(MEMORY_PRESSURE, { memoryBytes: 1_024 })).toBeUndefined();
  });
});
