/** Host ports of a container. Few numbers and addresses, so that they collide. */

import type { Json } from './api-objects.ts';
import type { Draw } from '../draw.ts';

export function drawHostPorts(draw: Draw): Json[] {
  const numbers = draw.some([8080, 8443, 9100], draw.int(1, 2));
  return numbers.map((hostPort) => ({
    containerPort: hostPort,
    hostPort,
    ...draw.maybe(0.3, () => ({ protocol: draw.pick(['TCP', 'UDP']) })),
    ...draw.maybe(0.4, () => ({ hostIP: draw.pick(['10.0.0.1', '10.0.0.2', '0.0.0.0']) })),
  }));
}
