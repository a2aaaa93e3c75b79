import { describe, expect, it } from 'vitest';
import { readKubernetesManifests } from '../../../src/workload/manifests/kubernetes.ts';

function object(apiVersion: string, kind: string, spec: string, name = 'x'): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: { ${spec} }\n`;
}

function read(...texts: string[]) {
  return readKubernetesManifests([{ file: 'all.yaml', text: texts.join('---\n') }]);
}

describe('fields that nobody reads', () => {
  it('are listed with their places, harmless ones once a kind', () => {
    const text = `apiVersion: apps/v1
kind: Deployment
metadata: { name: x, labels: { a: b } }
spec:
  frobnicate: 3
  selector: { matchLabels: { app: x } }
  template:
    metadata: { labels: { app: x } }
    spec:
      dnsPolicy: Default
      runtimeClassName: gvisor
      containers:
      - { name: c, env: [{ name: A, value: b }], workingDir: / }
      - { name: d, env: [{ name: A, value: b }], lifecycle: { postStart: {} } }
`;
    const { unread, harmless } = read(text);
    expect(unread.map(({ line, column, path }) => `${line}:${column} ${path}`)).toEqual([
      '5:15 spec.frobnicate',
      '11:25 spec.template.spec.runtimeClassName',
      '14:74 spec.template.spec.containers[1].lifecycle.postStart',
    ]);
    expect(harmless).toEqual([
      {
        kind: 'Deployment',
        paths: [
          'metadata.labels',
          'spec.template.spec.dnsPolicy',
          'spec.template.spec.containers[].env',
          'spec.template.spec.containers[].workingDir',
        ],
      },
    ]);
  });

  it('of kinds that make no tasks are not looked at; unknown kinds are told', () => {
    const { skipped, unread } = read(
      object('rbac.authorization.k8s.io/v1', 'Role', 'rules: []'),
      object('monitoring.coreos.com/v1', 'Prometheus', 'replicas: 2'),
    );
    expect(unread).toEqual([]);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'makes no tasks',
      'unknown kind: pods that its operator would make are missing',
    ]);
  });
});
