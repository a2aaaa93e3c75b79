/**
 * Containers of a pod. A limit without a request counts as the request, as the API server writes it down; with hostNetwork
 * every container port is a port of the host.
 */

import type { ContainerTemplate, HostPort } from '../../cluster/pod-template.ts';
import { amountsOf } from './api-values.ts';
import type { YamlCursor } from './yaml-cursor.ts';

export interface PodContainers {
  readonly containers: readonly ContainerTemplate[];
  readonly initContainers: readonly ContainerTemplate[];
}

export function podContainers(podSpec: YamlCursor): PodContainers {
  const onHost = podSpec.get('hostNetwork').flag();
  const read = (container: YamlCursor): ContainerTemplate => containerOf(container, onHost);
  return {
    containers: podSpec.get('containers').items().map(read),
    initContainers: podSpec.get('initContainers').items().map(read),
  };
}

function containerOf(container: YamlCursor, onHost: boolean): ContainerTemplate {
  const resources = container.get('resources');
  const limits = amountsOf(resources.get('limits'));
  const restartOnResize = container
    .get('resizePolicy')
    .items()
    .filter((policy) => policy.get('restartPolicy').text() === 'RestartContainer')
    .map((policy) => policy.get('resourceName').text());
  return {
    name: container.get('name').text(),
    image: container.get('image').text(),
    requests: { ...limits, ...amountsOf(resources.get('requests')) },
    limits,
    hostPorts: container
      .get('ports')
      .items()
      .flatMap((port) => hostPortsOf(port, onHost)),
    isSidecar: container.get('restartPolicy').text() === 'Always',
    ...(restartOnResize.length === 0 ? {} : { restartOnResize }),
  };
}

function hostPortsOf(port: YamlCursor, onHost: boolean): HostPort[] {
  const number = port.get('hostPort').whole(onHost ? port.get('containerPort').whole(0) : 0);
  if (number === 0) return [];
  const ip = port.get('hostIP').text();
  return [
    {
      ip: ip === '' ? '0.0.0.0' : ip,
      protocol: port.get('protocol').text('TCP'),
      port: number,
    },
  ];
}
