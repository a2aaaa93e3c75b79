import { describe, expect, it } from 'vitest';
import { MIB, TICKS_PER_MILLI } from '../../../src/base/units.ts';
import { ScenarioError } from '../../../src/base/scenario-error.ts';
import { cutAt } from './chunks.ts';
import { kubernetesPods } from '../../../src/workload/traces/kubernetes-pods.ts';
import { plainTraceOptions } from '../../../src/workload/traces/reader.ts';

function pod(name: string, cpu: string): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  containers:
    - name: main
      image: pause
      resources: { requests: { cpu: ${cpu}, memory: 64Mi } }
`;
}

function everyNth(text: string, size: number): number[] {
  return Array.from({ length: Math.floor(text.length / size) }, (_, i) => i * size);
}

const read = (text: string, limit = Infinity, size = 50) =>
  kubernetesPods.read(cutAt(text, everyNth(text, size)), {
    ...plainTraceOptions('pods', 'pods.yaml'),
    limit,
  });

describe('a trace of Pods', () => {
  it('is in the order of the file at time 0, to the end of the run, equal pods sharing a spec', async () => {
    const text = [
      '---\n',
      pod('a', '500m'),
      '---\n',
      pod('b', '1'),
      '--- # the last\n',
      pod('c', '0.5'),
    ];
    for (const size of [1, 7, 10_000]) {
      const { names, specs, specOf, submittedUs, durationUs } = await read(
        text.join(''),
        Infinity,
        size,
      );
      expect(names).toEqual(['a', 'b', 'c']);
      expect([...specOf]).toEqual([0, 1, 0]);
      expect(specs.map(({ cpuTicks }) => cpuTicks / TICKS_PER_MILLI)).toEqual([500, 1_000]);
      expect(specs.map(({ memoryBytes }) => memoryBytes / MIB)).toEqual([64, 64]);
      expect([...submittedUs]).toEqual([0, 0, 0]);
      expect([...durationUs]).toEqual([Infinity, Infinity, Infinity]);
    }
  });

  it('ends with the limit, before what it would not understand', async () => {
    const { names } = await read(`${pod('a', '1')}---\n${pod('b', '1')}---\nkind: [`, 2);
    expect(names).toEqual(['a', 'b']);
  });

  it('names the place of a document that is no Pod and of a quantity that is none', async () => {
    const text = `${pod('a', '1')}---\napiVersion: v1\nkind: Service\n---\n${pod('b', 'much')}`;
    const faults = await read(text).then(
      () => [],
      (error: unknown) => (error as ScenarioError).faults,
    );
    // Lines 1 to 8 are the first pod, 10 and 11 the Service; the second pod's requests stand in its eighth line, 13 + 7.
    expect(faults.map(({ line, message }) => [line, message.slice(0, 29)])).toEqual([
      [10, 'expected a Pod, found Service'],
      [20, 'expected a Kubernetes quantit'],
    ]);
  });
});
