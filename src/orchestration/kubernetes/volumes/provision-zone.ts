/**
 * The zone in which a volume is made that waits for no pod (volumeBindingMode Immediate): one of those that the class allows, or
 * that have a node; which one follows from the claim's name, so that the claims of a StatefulSet go round the zones.
 *
 *     zones in the order of their names; number (FNV-1 of the name without its last `-N` + N) mod 2^32 mod their count
 *
 * Source      external-provisioner, GenerateAccessibilityRequirements: the first preferred topology.
 */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const ORDINAL = /^(.*)-(\d+)$/s;

/** Undefined where there is no zone. */
export function provisionZone(claim: string, zones: readonly string[]): string | undefined {
  const inOrder = [...new Set(zones)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (inOrder.length === 0) return undefined;
  const [, stem = claim, ordinal = '0'] = ORDINAL.exec(claim) ?? [];
  return inOrder[((fnv1(stem) + Number(ordinal)) >>> 0) % inOrder.length];
}

function fnv1(text: string): number {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash, FNV_PRIME) ^ byte;
  return hash >>> 0;
}
