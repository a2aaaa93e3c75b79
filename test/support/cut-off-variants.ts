/** Own hosts that are cut off from the region, and fail meanwhile, on every orchestrator. */

import { experimentOf } from './run-scenario.ts';

export const CUT_OFF = experimentOf(`
name: cut-off
seed: 5
duration: 3h
sampling: 10m
disruptions:
  - linkLoss: { pools: [za], at: 20m, duration: 30m }
  - linkLoss: { at: 40m, duration: 3m }
  - linkLoss: { zone: b, at: 90m, duration: 40m }
  - hostFailure: { after: { exponential: { mean: 50m } }, repair: 4m, pools: [za, zb] }
workload:
  - service: { name: web, cpu: 500m, memory: 1GiB, replicas: 9, startup: 5s, stopTime: 8s, crash: { after: { exponential: { mean: 20m } } } }
  - jobs: { name: batch, cpu: 500m, memory: 512MiB, arrivals: { poisson: 60/h }, duration: { exponential: { mean: 4m } }, crash: { after: 2m, share: 20% } }
variants:
  hybrid-nodes:
    orchestrator: kubernetes
    pools:
      za: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1, zone: a } }
      zb: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1, zone: b } }
      zc: { external: { hosts: 1, cpu: 8, memory: 16GiB, costPerHour: 1 } }
  ecs-anywhere:
    orchestrator: ecs
    pools:
      za: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1, zone: a } }
      zb: { external: { hosts: 3, cpu: 8, memory: 16GiB, costPerHour: 1, zone: b } }
`);
