/**
 * Ports of a node that pods take (kubernetes.md 1.8 NodePorts): those of containers and sidecars, because ordinary init containers
 * hold no port for long. Two collide when protocol and port are equal and so are the addresses; 0.0.0.0 is every address.
 */

import type { HostPort, PodTemplate } from '../../../cluster/pod-template.ts';

const EVERY_ADDRESS = '0.0.0.0';

export function hostPortsOf({ containers, initContainers }: PodTemplate): readonly HostPort[] {
  const long = [...containers, ...initContainers.filter(({ isSidecar }) => isSidecar)];
  return long.flatMap(({ hostPorts }) => hostPorts);
}

export function portsCollide(ports: readonly HostPort[], others: readonly HostPort[]): boolean {
  return ports.some((port) => others.some((other) => collide(port, other)));
}

export function collide(a: HostPort, b: HostPort): boolean {
  return (
    a.port === b.port &&
    a.protocol === b.protocol &&
    (a.ip === b.ip || a.ip === EVERY_ADDRESS || b.ip === EVERY_ADDRESS)
  );
}
