/** Pods with claims of every kind, on machines that fail and come back, on nodes that come and go. */

import { experimentOf } from './run-scenario.ts';

const OWN = ['a', 'b', 'c']
  .map(
    (zone) =>
      `z${zone}: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1, zone: ${zone} } }`,
  )
  .join(', ');

export const VOLUMES = experimentOf(`
name: volumes
seed: 42
duration: 2h
storageClasses:
  fast: { binding: Immediate }
  kept: { reclaim: Retain, type: gp2 }
disruptions:
  - hostFailure: { after: { exponential: { mean: 40m } }, repair: 10m, outOfService: 5m }
workload:
  - service:
      name: db
      cpu: 1
      memory: 1GiB
      replicas: 4
      statefulSet: { podManagement: Parallel }
      volumes: [{ name: data, size: 10GiB, class: kept }, { name: log, size: 1GiB }]
  - service:
      name: queue
      cpu: 1
      memory: 1GiB
      replicas: 3
      statefulSet: { volumesWhenScaled: Delete }
      volumes: [{ name: data, size: 10GiB, class: fast }]
  - service:
      name: cache
      cpu: 1
      memory: 1GiB
      replicas: 3
      volumes: [{ name: scratch, size: 5GiB }]
variants:
  volumes-on-own-hosts: { orchestrator: kubernetes, pools: { ${OWN} } }
  volumes-on-groups:
    orchestrator: kubernetes
    clusterAutoscaler: {}
    pools: { all: { asg: { instanceTypes: [m6i.large], min: 3, max: 9 } } }
`);
