/** One workload of a scaled service, random jobs and a daemon on every launch type, short enough for a test. */

import { experimentOf } from './run-scenario.ts';

const TEXT = `
name: every-launch-type
seed: 42
duration: 6h
warmup: 1h
sampling: 5m
images:
  api: { size: 300MB }
workload:
  - service: { name: api, image: api, cpu: 500m, memory: 1GiB, replicas: { min: 2, max: 30, initial: 4 }, traffic: { profile: daily, peak: 900/s }, cpuPerRequest: 10ms, scaling: { target: 60% }, startup: 5s }
  - jobs: { name: batch, cpu: 1, memory: 2GiB, arrivals: { poisson: 1/min }, duration: { lognormal: { median: 4m, p95: 20m } }, image: api }
  - daemon: { name: agent, cpu: 100m, memory: 128MiB }
assumptions:
  spot.fargate-monthly-probability: 0.9999
variants:
  ecs-ec2: { orchestrator: ecs, pools: { base: { asg: { instanceTypes: [m6i.2xlarge], min: 1, max: 20 }, managedScaling: { targetCapacity: 90 } } }, strategy: [{ pool: base }] }
  ecs-fargate: { orchestrator: ecs, pools: { od: { fargate: {} } } }
  ecs-mix: { orchestrator: ecs, pools: { od: { fargate: {} }, spot: { fargateSpot: {} } }, strategy: [{ pool: od, base: 2, weight: 1 }, { pool: spot, weight: 3 }] }
  eks-ca: { orchestrator: kubernetes, pools: { base: { asg: { instanceTypes: [m6i.2xlarge], min: 1, max: 20 } } }, clusterAutoscaler: {} }
  eks-karpenter: { orchestrator: kubernetes, pools: { sys: { asg: { instanceTypes: [m6i.large], min: 2, max: 2 } }, work: { karpenter: { families: [m6i, c6i], capacityTypes: [on-demand, spot] } } } }
  eks-fargate: { orchestrator: kubernetes, pools: { fg: { fargate: {} } } }
  own-hosts: { orchestrator: ecs, pools: { racks: { external: { hosts: 2, cpu: 4, memory: 32GiB, costPerHour: 0.4 } }, burst: { fargate: {} } }, burst: { from: racks, to: burst, after: 60s } }
`;

export const SEVEN = experimentOf(TEXT);

const CROWDED_TEXT = `
name: crowded
seed: 7
duration: 3h
sampling: 10m
workload:
  - &small { jobs: { name: small, cpu: 1, memory: 1GiB, arrivals: { poisson: 1/min }, duration: { exponential: { mean: 4m } } } }
  - &wide { jobs: { name: wide, cpu: 6, memory: 2GiB, arrivals: { poisson: 6/h }, duration: { exponential: { mean: 5m } } } }
  - &urgent { jobs: { name: urgent, cpu: 2, memory: 1GiB, priority: 10, arrivals: { poisson: 10/h }, duration: { exponential: { mean: 2m } } } }
  - &counted { jobs: { name: counted, cpu: 500m, memory: 1GiB, arrivals: { poisson: 20/h }, work: { exponential: { mean: 2m } } } }
  - service: { name: web, cpu: 500m, memory: 1GiB, replicas: { min: 1, max: 9, initial: 2 }, traffic: { profile: steps, steps: [{ at: 0s, rate: 100/s }, { at: 30m, rate: 300/s }, { at: 2h, rate: 50/s }] }, cpuPerRequest: 5ms, scaling: {} }
variants:
  batch: { orchestrator: batch, workload: [*small, *wide, *urgent, *counted], pools: { racks: { external: { hosts: 1, cpu: 8, memory: 64GiB, costPerHour: 1 } } } }
  eks: { orchestrator: kubernetes, pools: { racks: { external: { hosts: 2, cpu: 4, memory: 64GiB, costPerHour: 1 } }, group: { asg: { instanceTypes: [m6i.2xlarge], min: 0, max: 1 } } }, clusterAutoscaler: {} }
  ecs: { orchestrator: ecs, placement: ['spread[field=zone]', random], pools: { group: { asg: { instanceTypes: [m6i.2xlarge], min: 1, max: 2, capacityType: spot }, managedScaling: {} } }, strategy: [{ pool: group }] }
`;

/** More is asked for than there is room: queues, lines that wait for room, priorities, work on shared cores. */
export const CROWDED = experimentOf(CROWDED_TEXT);
