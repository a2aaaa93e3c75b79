import { describe, expect, it } from 'vitest';
import {
  OUT_OF_SERVICE,
  UNREACHABLE,
} from '../../../../src/orchestration/kubernetes/node/node-taints.ts';
import { staysUs } from '../../../../src/orchestration/kubernetes/node/taint-eviction.ts';
import type { Toleration } from '../../../../src/cluster/spec.ts';

const S = 1_000_000;
const { noExecute, noSchedule } = UNREACHABLE;

function tolerating(key: string, seconds?: number): Toleration {
  const base = { key, operator: 'Exists', value: '', effect: 'NoExecute' } as const;
  return seconds === undefined ? base : { ...base, seconds };
}

describe('how long a pod stays on a node with NoExecute taints (kubernetes.md 2.10)', () => {
  it('is 300 s for one that says nothing of unreachable nodes', () => {
    expect(staysUs([], [noSchedule, noExecute])).toBe(300 * S);
  });

  it('is for ever without such a taint, and for daemons, which tolerate without end', () => {
    expect(staysUs([], [noSchedule])).toBe(Infinity);
    expect(staysUs([{ key: '', operator: 'Exists', value: '', effect: '' }], [noExecute])).toBe(
      Infinity,
    );
  });

  it('is nothing when one taint is not tolerated, whatever the others', () => {
    expect(staysUs([], [noExecute, OUT_OF_SERVICE])).toBe(0);
  });

  it('is the least of the times stated, the first toleration of a taint counting', () => {
    const own = { key: 'own', value: '', effect: 'NoExecute' } as const;
    const tolerations = [
      tolerating('own', 20),
      tolerating('own', 5),
      tolerating(noExecute.key, 60),
    ];
    expect(staysUs(tolerations, [noExecute, own])).toBe(20 * S);
    expect(staysUs([tolerating('own', -3)], [own])).toBe(0);
    expect(staysUs([tolerating('own')], [own])).toBe(Infinity);
  });
});
