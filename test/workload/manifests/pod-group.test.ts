import { expect, it } from 'vitest';
import { GIB, TICKS_PER_CORE } from '../../../src/base/units.ts';
import { readKubernetesManifests } from '../../../src/workload/manifests/kubernetes.ts';
import { readSchedulerConfiguration } from '../../../src/workload/manifests/scheduler-configuration.ts';

it('reads a PodGroup: how many start together, how long they wait, and what must be free', () => {
  const text = `
apiVersion: scheduling.x-k8s.io/v1alpha1
kind: PodGroup
metadata: { name: train, namespace: ml }
spec: { minMember: 4, scheduleTimeoutSeconds: 10, minResources: { cpu: "8", memory: 16Gi } }
---
apiVersion: scheduling.x-k8s.io/v1alpha1
kind: PodGroup
metadata: { name: plain }
spec: { minMember: 2 }
`;
  const { podGroups, skipped, unread } = readKubernetesManifests([{ file: 'groups.yaml', text }]);
  expect(podGroups).toEqual([
    {
      namespace: 'ml',
      name: 'train',
      minMember: 4,
      scheduleTimeoutS: 10,
      minResources: { cpuTicks: 8 * TICKS_PER_CORE, memoryBytes: 16 * GIB },
    },
    { namespace: 'default', name: 'plain', minMember: 2 },
  ]);
  expect([skipped, unread]).toEqual([[], []]);
});

it('reads Coscheduling and its arguments in a KubeSchedulerConfiguration', () => {
  const { profiles } = readSchedulerConfiguration(
    'scheduler.yaml',
    `
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - plugins:
      multiPoint: { enabled: [{ name: Coscheduling }] }
      queueSort: { enabled: [{ name: Coscheduling }], disabled: [{ name: "*" }] }
    pluginConfig:
      - { name: Coscheduling, args: { permitWaitingTimeSeconds: 10, podGroupBackoffSeconds: 3 } }
`,
  );
  const [profile] = profiles;
  expect(profile!.plugins.postFilter.map(({ name }) => name)).toEqual([
    'DynamicResources',
    'DefaultPreemption',
    'Coscheduling',
  ]);
  expect(profile!.arguments.coscheduling).toEqual({ permitWaitS: 10, groupBackoffS: 3 });
});
