/** A cluster whose pods and nodes are all scaled: replicas by a queue, requests by kills for want of memory, nodes both ways. */

import { experimentOf } from './run-scenario.ts';

export const SCALED = experimentOf(`
name: scaled
seed: 11
duration: 3h
sampling: 10m
workload:
  - service:
      name: reader
      cpu: 900m
      memory: 512MiB
      replicas: { min: 0, max: 12 }
      queue:
        arrivals: { profile: steps, steps: [{ at: 10m, rate: 20/s }, { at: 40m, rate: 0/s }, { at: 80m, rate: 9/s }] }
        perReplica: 2/s
      scaling: { metrics: [{ messagesPerReplica: 100 }], keda: { activationMessages: 5 } }
      disruptionBudget: { maxUnavailable: 1 }
  - service:
      name: growing
      cpu: 500m
      memory: 512MiB
      replicas: { min: 3, max: 3 }
      memoryUsage: [{ at: 0s, share: 60% }, { at: 20m, share: 150% }]
      memoryLimit: 512MiB
      verticalScaling: { minReplicas: 1 }
  - service:
      name: swelling
      cpu: 200m
      memory: 256MiB
      replicas: { min: 2, max: 2 }
      memoryUsage: [{ at: 0s, share: 60% }, { at: 30m, share: 180% }]
      memoryLimit: 256MiB
      verticalScaling: { mode: in-place-or-recreate, restartOnResize: [memory] }
variants:
  eks-scaled:
    orchestrator: kubernetes
    pools: { base: { asg: { instanceTypes: [m6i.large], min: 1, max: 20 } } }
    clusterAutoscaler: { unneededTime: 3m, delayAfterAdd: 3m }
`);
