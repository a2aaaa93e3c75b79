/** Groups that buy in several ways from an EC2 that has little, are sized by policies of their own and replace their hosts. */

import { experimentOf } from './run-scenario.ts';

const BANDS = [0, 1, 2, 3, 4].map((band) => `spot.band-${band}-monthly-probability: 0.999`);

const TEXT = `
name: supply
seed: 13
duration: 8h
sampling: 20m
assumptions: { ${BANDS.join(', ')}, spot.recommendation-lead-s: 1800 }
supply:
  capacity: [{ instanceTypes: [m6i.large], zones: [b], instances: 1 }]
  vcpuQuotas: [{ vcpus: 20 }, { capacityType: spot, vcpus: 16 }]
  addresses: { a: 90 }
prices: { savingsPlans: [{ commitment: 0.1, discount: 30 }], discount: 5 }
workload:
  - service: { name: web, cpu: 500m, memory: 512MiB, replicas: { min: 2, max: 12, initial: 8 }, traffic: { profile: daily, peak: 90/s, trough: 10/s }, cpuPerRequest: 20ms, startup: 5s }
  - jobs: { name: batch, cpu: 500m, memory: 512MiB, arrivals: { poisson: 20/h }, duration: { exponential: { mean: 5m } } }
variants:
  ecs-policies:
    orchestrator: ecs
    pools:
      base:
        asg:
          instanceTypes: [m6i.large, m5.large, m5.xlarge]
          weights: { m5.xlarge: 2 }
          min: 2
          max: 10
          initial: 5
          mixed: { onDemandBase: 1, onDemandPercentage: 40, spotStrategy: price-capacity-optimized }
          capacityRebalance: true
          refreshes: [{ at: 3h, minHealthy: 80, warmup: 2m }]
          scaling:
            - target: { cpu: 40% }
            - step: { above: 70, steps: [{ from: 0, to: 15, by: 1 }, { from: 15, by: 2 }] }
          schedule: [{ at: 5h, min: 4 }]
  eks-groups:
    orchestrator: kubernetes
    pools:
      base: { asg: { instanceTypes: [m6i.large, m5.large], min: 1, max: 8, capacityType: spot, terminationPolicies: [newest-instance] } }
      other: { asg: { instanceTypes: [c5.large], min: 1, max: 5, zoneDistribution: balanced-only, zones: [a, b] } }
    clusterAutoscaler: {}
`;

export const SCARCE = experimentOf(TEXT);
