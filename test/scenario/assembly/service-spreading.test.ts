import { expect, it } from 'vitest';
import { readKubernetesManifests } from '../../../src/workload/manifests/kubernetes.ts';
import { withServiceSelectors } from '../../../src/scenario/assembly/service-spreading.ts';

const TEXT = `
apiVersion: v1
kind: Service
metadata: { name: front, namespace: shop }
spec: { selector: { app: web } }
---
apiVersion: v1
kind: Pod
metadata: { name: alone, namespace: shop, labels: { app: web, tier: front } }
spec: { containers: [{ name: main, image: web }] }
---
apiVersion: v1
kind: Pod
metadata: { name: elsewhere, namespace: other, labels: { app: web } }
spec: { containers: [{ name: main, image: web }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: owned, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: main, image: web }] }
`;

it('spreads pods without a controller over the pods of the Services that select them (1.9)', () => {
  const read = readKubernetesManifests([{ file: 'shop.yaml', text: TEXT }]);
  const { services } = withServiceSelectors(read);
  const selectors = services.map(({ name, spec }) => [name, spec.pod!.defaultSelector]);
  expect(Object.fromEntries(selectors)).toEqual({
    alone: { matchLabels: { app: 'web' }, matchExpressions: [] },
    elsewhere: undefined,
    owned: undefined,
  });
});
