/**
 * The dull twin of a probe: would this node's pods fit on other nodes, or on one new and cheaper node? Objects, and every loop
 * from the beginning: first fit, largest pods first, over all nodes; then over all types for each pod.
 *
 * Holds for plain pods alone: without selectors, tolerations, spreading or volumes.
 */

import { HOST_STATE } from '../../src/cluster/hosts.ts';
import { podsOn } from '../../src/autoscaling/karpenter/disruption/candidate.ts';
import type { PackedCluster } from './packed-cluster.ts';

interface Size {
  readonly cpu: number;
  readonly memory: number;
}

interface Room {
  cpu: number;
  memory: number;
  pods: number;
}

interface PlainNode extends Room {
  readonly host: number;
}

interface PlainType extends Room {
  readonly name: string;
  /** Of its offerings, the dearest. */
  readonly price: number;
}

/** 'none', 'delete', or how many types could replace the node. */
export type Answer = 'none' | 'delete' | number;

export function plainAnswers(scene: PackedCluster): Answer[] {
  const { hosts } = scene.cluster;
  const types = plainTypes(scene);
  const rows = Array.from({ length: hosts.count }, (_, host) => host);
  return rows.map((host) => {
    const nodes = rows
      .filter((other) => other !== host && hosts.state[other] === HOST_STATE.ready)
      .map((other) => ({
        host: other,
        cpu: hosts.cpuFree[other]!,
        memory: hosts.memoryFree[other]!,
        pods: hosts.slotsFree[other]!,
      }));
    return answerOf(sizesOf(scene, host), nodes, types, hosts.priceNanoUsdPerHour[host]!);
  });
}

function answerOf(
  pods: readonly Size[],
  nodes: readonly PlainNode[],
  types: readonly PlainType[],
  price: number,
): Answer {
  /** Pods on new nodes; each with the types that are left. */
  const claims: { types: PlainType[]; used: Room }[] = [];
  for (const pod of pods) {
    const node = nodes.find((one) => fits(pod, one));
    if (node !== undefined) {
      take(pod, node, -1);
      continue;
    }
    claims.sort((a, b) => a.used.pods - b.used.pods);
    const open = claims.find(({ types: left, used }) => roomy(pod, used, left).length > 0);
    const claim = open ?? { types: [...types], used: { cpu: 0, memory: 0, pods: 0 } };
    const left = roomy(pod, claim.used, claim.types);
    if (left.length === 0) return 'none';
    claim.types = left;
    take(pod, claim.used, 1);
    if (open === undefined) claims.push(claim);
  }
  if (claims.length === 0) return 'delete';
  if (claims.length > 1) return 'none';
  const cheaper = claims[0]!.types.filter((type) => type.price < price);
  return cheaper.length === 0 ? 'none' : cheaper.length;
}

function roomy(pod: Size, used: Room, types: readonly PlainType[]): PlainType[] {
  return types.filter(
    ({ cpu, memory, pods }) =>
      used.cpu + pod.cpu <= cpu && used.memory + pod.memory <= memory && used.pods + 1 <= pods,
  );
}

function fits(pod: Size, { cpu, memory, pods }: Room): boolean {
  return pod.cpu <= cpu && pod.memory <= memory && pods > 0;
}

function take(pod: Size, room: Room, sign: 1 | -1): void {
  room.cpu += sign * pod.cpu;
  room.memory += sign * pod.memory;
  room.pods += sign;
}

function sizesOf({ cluster }: PackedCluster, host: number): Size[] {
  const { specs, tasks } = cluster;
  return podsOn(cluster, host)
    .map((task) => tasks.spec[task]!)
    .map((spec) => ({ cpu: specs.cpuTicks[spec]!, memory: specs.memoryBytes[spec]! }))
    .sort((a, b) => b.cpu - a.cpu || b.memory - a.memory);
}

function plainTypes({ provisioner }: PackedCluster): PlainType[] {
  const [template] = provisioner.templates;
  return template!.types.map(({ name, room, offerings }) => ({
    name,
    cpu: room[0]!,
    memory: room[1]!,
    pods: room[2]!,
    price: offerings.reduce((most, one) => Math.max(most, one.priceNanoUsdPerHour), 0),
  }));
}
