import { describe, expect, it } from 'vitest';
import { PLAIN_POD } from '../../src/cluster/pod-template.ts';
import { startPlan } from '../../src/runtime/start-plan.ts';
import type { ContainerTemplate } from '../../src/cluster/pod-template.ts';

function container(image: string, isSidecar = false): ContainerTemplate {
  return { name: image, image, requests: {}, limits: {}, hostPorts: [], isSidecar };
}

describe('the start of a pod (kubernetes.md 2.3)', () => {
  it('is that of any task when it has one container', () => {
    expect(startPlan(undefined)).toBeUndefined();
    expect(startPlan({ ...PLAIN_POD, containers: [container('a')] })).toBeUndefined();
  });

  it('runs init containers to their end, one by one, and waits for sidecars only to start', () => {
    const plan = startPlan({
      ...PLAIN_POD,
      initContainers: [container('first'), container('proxy', true)],
      containers: [container('app'), container('log')],
    });
    expect(plan).toEqual([
      { image: 'first', runsToEnd: true },
      { image: 'proxy', runsToEnd: false },
      { image: 'app', runsToEnd: false },
      { image: 'log', runsToEnd: false },
    ]);
  });
});
