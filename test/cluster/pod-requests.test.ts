import { describe, expect, it } from 'vitest';
import { PLAIN_POD } from '../../src/cluster/pod-template.ts';
import { podRequests } from '../../src/cluster/pod-requests.ts';
import type { Amounts, ContainerTemplate } from '../../src/cluster/pod-template.ts';

function container(requests: Amounts): ContainerTemplate {
  return { name: 'main', image: '', requests, limits: {}, hostPorts: [], isSidecar: false };
}

describe('requests of the pod itself', () => {
  it('keep defaults of containers out where anything in the pod states the resource (1.7)', () => {
    const containers = [container({ cpu: 300 }), container({})];
    const pod = { ...PLAIN_POD, containers, podRequests: { memory: 1_000_000_000 } };
    const { effective, nonZero, scored } = podRequests(pod);
    expect(effective).toEqual({ cpu: 300, memory: 1_000_000_000 });
    expect(nonZero).toEqual(effective);
    // As if the pod itself requested nothing: 300 + 100 m, and twice 200 MiB.
    expect(scored).toEqual({ cpu: 400, memory: 419_430_400 });
  });

  it('leave the default of a resource that nothing states (1.7)', () => {
    const containers = [container({}), container({})];
    const pod = { ...PLAIN_POD, containers, podRequests: { memory: 1_000_000_000 } };
    expect(podRequests(pod).nonZero).toEqual({ cpu: 200, memory: 1_000_000_000 });
  });
});
