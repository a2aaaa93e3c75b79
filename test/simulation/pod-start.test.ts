/** The start of a pod of several containers, from a manifest to running (kubernetes.md 2.3). */

import { expect, it } from 'vitest';
import { NO_INPUTS, experimentOf } from '../support/run-scenario.ts';
import { ROUND, START_S, seconds } from './round-latencies.ts';
import { manifestsKey } from '../../src/scenario/inputs.ts';
import { readKubernetesManifests } from '../../src/workload/manifests/kubernetes.ts';
import { runCell } from '../../src/experiment/run-cell.ts';

const MANIFEST = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 1
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      initContainers:
        - { name: migrate, image: app, resources: { requests: { cpu: 100m } } }
        - { name: proxy, image: small, restartPolicy: Always }
      containers:
        - { name: shop, image: app, resources: { requests: { cpu: 500m, memory: 128Mi } } }
        - { name: log, image: log }
        - { name: unknown, image: elsewhere }
`;

it('pulls the image of each container when its turn comes, and the pod runs when the last has started', () => {
  const { variants } = experimentOf(`
name: pod-start
seed: 1
duration: 10m
${ROUND.replace(
  '{ size: 300MB }',
  '{ size: 300MB }, small: { size: 100MB }, log: { size: 200MB }',
).replace(
  'container.start-s: 2',
  'container.start-s: 2\n  container.next-start-s: 0.5\n  container.init-run-s: 7',
)}
workload: [{ manifests: shop.yaml }]
variants:
  it: { orchestrator: kubernetes, pools: { own: { external: { hosts: 1, cpu: 4, memory: 8GiB, costPerHour: 1 } } } }
`);
  const [variant] = variants;
  const [entry] = variant!.scenario.workload;
  if (entry?.kind !== 'manifests') throw new Error('expected manifests');
  const read = readKubernetesManifests([{ file: 'shop.yaml', text: MANIFEST }]);
  const inputs = { ...NO_INPUTS, manifests: { [manifestsKey(entry)]: read } };
  const { tasks } = runCell(variant!, 1, inputs, { recordDecisions: false, policies: [] });
  const [pod] = [...tasks];
  // Image on a plain kubelet: 1 s + MB / 100 + MB / 50 s. app 10, small 4, log 7; app again and elsewhere 0.
  const migrate = 10 + START_S + 7;
  const proxy = 4 + 0.5;
  const rest = 0.5 + (7 + 0.5) + 0.5;
  // Thinking 0.5 s, binding 0.25 s.
  const heardS = seconds(pod!.placedUs)! + 0.75;
  expect(seconds(pod!.startedUs)! - heardS).toBeCloseTo(migrate + proxy + rest, 6);
  expect(seconds(pod!.startedUs)! - seconds(pod!.pulledUs)!).toBeCloseTo(0.5, 6);
});
