import { describe, expect, it } from 'vitest';
import { PLAIN_POD } from '../../src/cluster/pod-template.ts';
import {
  effectiveRequests,
  nonZeroRequests,
  scoredRequests,
} from '../../src/cluster/pod-requests.ts';
import type { Amounts, ContainerTemplate, PodTemplate } from '../../src/cluster/pod-template.ts';

const MIB = 1_048_576;

function container(requests: Amounts, isSidecar = false): ContainerTemplate {
  return { name: 'c', image: 'app', requests, limits: {}, hostPorts: [], isSidecar };
}

function podOf(pod: Partial<PodTemplate>): PodTemplate {
  return { ...PLAIN_POD, ...pod };
}

describe('the effective request of a pod (kubernetes.md 1.7)', () => {
  it('is the larger of what runs together and what starts in turn, resource by resource', () => {
    const effective = effectiveRequests(
      podOf({
        containers: [container({ cpu: 100, memory: 10 }), container({ cpu: 200 })],
        initContainers: [
          container({ cpu: 50, memory: 500 }),
          container({ cpu: 30, memory: 20 }, true),
          container({ cpu: 400, memory: 1 }),
          container({ cpu: 5 }, true),
        ],
      }),
    );
    // R: cpu 100 + 200 + 30 + 5 = 335, memory 10 + 20 = 30.
    // I: 50, 30, 400 + 30 = 430, 30 + 5 = 35; memory 500, 20, 1 + 20 = 21, 20.
    expect(effective).toEqual({ cpu: 430, memory: 500 });
  });

  it('is replaced by what the pod requests itself; overhead comes on top', () => {
    const effective = effectiveRequests(
      podOf({
        containers: [container({ cpu: 100, memory: 10, 'example.com/gpu': 1 })],
        podRequests: { cpu: 70 },
        overhead: { cpu: 5, memory: 3 },
      }),
    );
    expect(effective).toEqual({ cpu: 75, memory: 13, 'example.com/gpu': 1 });
  });

  it('keeps a stated 0 apart from what is not stated', () => {
    expect(effectiveRequests(podOf({ containers: [container({ cpu: 0 })] }))).toEqual({ cpu: 0 });
    expect(effectiveRequests(podOf({ containers: [container({})] }))).toEqual({});
  });
});

describe('the non-zero request of a pod', () => {
  it('pitfall 8.3: 100 m and 200 MiB count for each container that states none, sidecars and init containers too (1.7)', () => {
    const nonZero = nonZeroRequests(
      podOf({
        containers: [container({ cpu: 50 }), container({})],
        initContainers: [container({}, true), container({ memory: 900 * MIB })],
      }),
    );
    // Together: cpu 50 + 100 + 100 = 250, memory 3 x 200 = 600 MiB.
    // The init container: cpu 100 + 100 of the sidecar, memory 900 + 200 = 1100 MiB.
    expect(nonZero).toEqual({ cpu: 250, memory: 1100 * MIB });
  });

  it('pitfall 8.3: a stated 0 stays 0, and the default is 200 MiB, not 200 MB (1.7)', () => {
    const nonZero = nonZeroRequests(podOf({ containers: [container({ cpu: 0 })] }));
    expect(nonZero).toEqual({ cpu: 0, memory: 209_715_200 });
  });

  it('takes defaults only for what neither the pod nor its container states (1.7)', () => {
    const nonZero = nonZeroRequests(
      podOf({ containers: [container({})], podRequests: { cpu: 2000 } }),
    );
    expect(nonZero).toEqual({ cpu: 2000, memory: 200 * MIB });
  });

  it('takes none for a container where the pod requests something and another container states the resource (1.7)', () => {
    const containers = [container({ cpu: 300 }), container({})];
    const nonZero = nonZeroRequests(podOf({ containers, podRequests: { memory: 1000 * MIB } }));
    expect(nonZero).toEqual({ cpu: 300, memory: 1000 * MIB });
  });
});

it("leaves the pod's own requests out of what is scored: a quirk of 1.36 (1.9)", () => {
  const scored = scoredRequests(
    podOf({
      containers: [container({ memory: MIB })],
      podRequests: { cpu: 2000, memory: 512 * MIB },
      overhead: { cpu: 10 },
    }),
  );
  expect(scored).toEqual({ cpu: 110, memory: MIB });
});
