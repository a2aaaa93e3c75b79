/** A claim's types with their offerings: which of them would the AWS provider name in its request to EC2? */

import type { Draw } from '../draw.ts';
import { drawTypes } from './instance-types.ts';
import type { Condition, DrawnType, TypeOffering } from './instance-types.ts';
import {
  ARCH,
  CAPACITY_TYPE,
  FAMILIES,
  FAMILY,
  INSTANCE_TYPE,
  SIZE,
  ZONE,
  ZONES,
} from './vocabulary.ts';

export interface LaunchCase {
  readonly requirements: readonly Condition[];
  readonly requests: Readonly<Record<string, string>>;
  readonly instanceTypes: readonly DrawnType[];
  readonly maxTypes: number;
}

export function drawLaunchCase(draw: Draw): LaunchCase {
  const hasReservations = draw.chance(0.4);
  const types = drawTypes(draw, draw.pick([1, 3, 6, 10, 16]), hasReservations);
  const requirements = drawRequirements(draw, hasReservations);
  return {
    requirements,
    requests: {
      cpu: draw.pick(['500m', '1', '2', '3']),
      memory: draw.pick(['512Mi', '2Gi', '6Gi']),
      pods: draw.pick(['1', '3', '9']),
    },
    instanceTypes: types.map((type) => withSizes(draw, withKinds(draw, type))),
    // What has no reservation is as dear as can be where only those count: which of them are cut is open.
    maxTypes: hasReservations ? 60 : draw.pick([60, 60, 1, 2, 4]),
  };
}

function withSizes(draw: Draw, type: DrawnType): DrawnType {
  const size = draw.chance(0.15) ? draw.pick(['metal', 'metal-24xl']) : type.name.split('.')[1]!;
  const condition: Condition = { key: SIZE, operator: 'In', values: [size] };
  return { ...type, requirements: [...type.requirements, condition] };
}

/** Reservations of each kind; blocks have prices of their own. */
function withKinds(draw: Draw, type: DrawnType): DrawnType {
  const offerings = type.offerings.map((one): TypeOffering => {
    if (one.reservation === undefined) return one;
    const kind = draw.pick(['default', 'default', 'capacity-block']);
    const interruptible = kind === 'default' && draw.chance(0.3);
    return { ...one, kind, interruptible, price: one.price * draw.pick([1, 1, 2]) };
  });
  return { ...type, offerings };
}

function drawRequirements(draw: Draw, hasReservations: boolean): Condition[] {
  const capacityTypes = draw.pick([
    ['on-demand'],
    ['spot'],
    ['on-demand', 'spot'],
    ['on-demand', 'spot'],
    ...(hasReservations
      ? [['reserved'], ['on-demand', 'reserved', 'spot'], ['reserved', 'spot']]
      : []),
  ]);
  return [
    ...(draw.chance(0.85)
      ? [{ key: CAPACITY_TYPE, operator: 'In', values: capacityTypes } as const]
      : []),
    ...(draw.chance(0.3)
      ? [{ key: ZONE, operator: 'In', values: draw.some(ZONES, 2) } as const]
      : []),
    ...(draw.chance(0.2) ? [{ key: ARCH, operator: 'In', values: ['amd64'] } as const] : []),
    ...(draw.chance(0.3)
      ? [
          {
            key: FAMILY,
            operator: 'In',
            values: draw.some(FAMILIES, 3),
            ...draw.maybe(0.5, () => ({ minValues: draw.int(1, 3) })),
          } as const,
        ]
      : []),
    ...(draw.chance(0.15)
      ? [{ key: INSTANCE_TYPE, operator: 'Exists', values: [], minValues: draw.int(1, 4) } as const]
      : []),
  ];
}
