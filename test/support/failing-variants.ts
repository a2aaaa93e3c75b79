/** Machines, zones and containers that fail on every orchestrator, short enough for a test. */

import { experimentOf } from './run-scenario.ts';

const TEXT = `
name: failing
seed: 11
duration: 4h
sampling: 10m
zones: [a, b, c]
images:
  api: { size: 300MB }
  other: { size: 200MB }
disruptions:
  - zoneOutage: { zone: b, at: 40m, duration: 25m }
  - hostFailure: { after: { exponential: { mean: 90m } }, repair: { uniform: { low: 2m, high: 20m } }, outOfService: 8m }
workload:
  - service: { name: api, image: api, cpu: 500m, memory: 1GiB, replicas: 9, startup: 5s, stopTime: 8s, preStop: 5s, readinessProbe: {}, startupProbe: { period: 3s }, livenessProbe: {}, hang: { after: { exponential: { mean: 30m } } }, crash: { after: { exponential: { mean: 15m } }, share: 60% }, spread: [{ topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway }] }
  - service: { name: cache, image: other, cpu: 250m, memory: 2GiB, replicas: 6, diskUsage: [{ at: 0s, bytes: 1GiB }, { at: 15m, bytes: 12GiB }], memoryLimit: 5GiB, memoryUsage: [{ at: 0s, share: 60% }, { at: 20m, share: 200% }, { at: 70m, share: 300% }] }
  - jobs: { name: batch, cpu: 500m, memory: 512MiB, arrivals: { poisson: 30/h }, duration: { exponential: { mean: 4m } }, image: api, crash: { after: 2m, share: 20% }, hang: { after: 1m, share: 10% }, livenessProbe: { period: 5s } }
variants:
  own-nodes:
    orchestrator: kubernetes
    pools:
      za: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1, zone: a }, kubelet: { maxPods: 40, disk: 30GiB, imageDisk: 1300MB } }
      zb: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1, zone: b }, kubelet: { disk: 25GiB, podsPerCore: 4, systemReserved: { memory: 512MiB }, evictionHard: { memory: 5% } } }
      zc: { external: { hosts: 1, cpu: 8, memory: 16GiB, costPerHour: 1, zone: c } }
  eks: { orchestrator: kubernetes, pools: { base: { asg: { instanceTypes: [m6i.xlarge], min: 3, max: 9 } } }, clusterAutoscaler: {} }
  ecs: { orchestrator: ecs, pools: { base: { asg: { instanceTypes: [m6i.xlarge], min: 4, max: 4 } } } }
  fargate: { orchestrator: ecs, pools: { vm: { fargate: {} } } }
`;

export const FAILING = experimentOf(TEXT);
