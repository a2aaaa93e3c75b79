/** Instance types with their offerings, as a cloud provider would describe them to Karpenter. */

import type { Draw } from '../draw.ts';
import {
  ARCH,
  CAPACITY_TYPE,
  CPU,
  FAMILIES,
  FAMILY,
  GPU,
  GPU_NAME,
  INSTANCE_TYPE,
  OS,
  RESERVATION,
  ZONE,
  ZONES,
} from './vocabulary.ts';

export interface Condition {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt' | 'Gte' | 'Lte';
  readonly values: readonly string[];
  readonly minValues?: number;
}

export interface TypeOffering {
  readonly zone: string;
  readonly capacityType: string;
  readonly price: number;
  readonly unavailable?: boolean;
  readonly reservation?: string;
  readonly left?: number;
  readonly kind?: string;
  readonly interruptible?: boolean;
}

export interface DrawnType {
  readonly name: string;
  readonly requirements: readonly Condition[];
  readonly capacity: Readonly<Record<string, string>>;
  readonly overhead: Readonly<Record<string, string>>;
  readonly offerings: readonly TypeOffering[];
}

export function drawTypes(draw: Draw, count: number, hasReservations: boolean): DrawnType[] {
  const types: DrawnType[] = [];
  const taken = new Set<string>();
  while (types.length < count) {
    const family = draw.pick(FAMILIES);
    const cores = draw.pick([1, 2, 2, 4, 4, 8, 16]);
    const name = `${family}.${cores}x`;
    if (taken.has(name)) {
      // Not every family has to have every size.
      if (taken.size >= FAMILIES.length * 5) break;
      continue;
    }
    taken.add(name);
    types.push(drawType(draw, name, family, cores, types.length, hasReservations));
  }
  return types;
}

function drawType(
  draw: Draw,
  name: string,
  family: string,
  cores: number,
  at: number,
  hasReservations: boolean,
): DrawnType {
  const offerings = drawOfferings(draw, cores, at, hasReservations);
  const isGpu = family === 'g5';
  const reservations = offerings.flatMap(({ reservation }) => reservation ?? []);
  const is = (key: string, ...values: string[]): Condition => ({
    key,
    operator: values.length > 0 ? 'In' : 'DoesNotExist',
    values: [...new Set(values)],
  });
  return {
    name,
    requirements: [
      is(INSTANCE_TYPE, name),
      is(ARCH, family === 'r6g' ? 'arm64' : 'amd64'),
      is(OS, 'linux'),
      is(ZONE, ...offerings.map(({ zone }) => zone)),
      is(CAPACITY_TYPE, ...offerings.map(({ capacityType }) => capacityType)),
      is(FAMILY, family),
      is(CPU, `${cores}`),
      is(GPU_NAME, ...(isGpu ? ['a10g'] : [])),
      is(RESERVATION, ...reservations),
    ],
    capacity: {
      cpu: `${cores}`,
      memory: `${cores * draw.pick([2, 4, 8])}Gi`,
      pods: draw.pick(['4', '8', '17', '29']),
      ...(isGpu ? { [GPU]: `${Math.max(1, cores / 4)}` } : {}),
    },
    overhead: { cpu: draw.pick(['70m', '100m']), memory: draw.pick(['256Mi', '600Mi', '3Gi']) },
    offerings,
  };
}

/** Prices differ in every offering, so that nothing hangs on the order of equal ones. */
function drawOfferings(
  draw: Draw,
  cores: number,
  at: number,
  hasReservations: boolean,
): TypeOffering[] {
  const base = Math.round(cores * 40 * (1 + draw.int(0, 60) / 100)) + at / 100;
  const zones = draw.some(ZONES, draw.pick([1, 2, 3, 3, 3]));
  const offerings: TypeOffering[] = [];
  const sellsSpot = draw.chance(0.7);
  for (const [place, zone] of zones.entries()) {
    const soldOut = () => draw.maybe(0.08, () => ({ unavailable: true }));
    offerings.push({ zone, capacityType: 'on-demand', price: base + place / 1000, ...soldOut() });
    if (sellsSpot) {
      const price = base * draw.pick([0.3, 0.4, 0.5, 1.1]) + place / 1000;
      offerings.push({ zone, capacityType: 'spot', price, ...soldOut() });
    }
    if (hasReservations && draw.chance(0.35)) {
      const reservation = draw.pick(['cr-1', 'cr-2', `cr-${zone}`]);
      const price = base / 10_000_000;
      const left = draw.pick([0, 1, 1, 2, 5]);
      offerings.push({ zone, capacityType: 'reserved', price, reservation, left, kind: 'default' });
    }
  }
  return offerings;
}
