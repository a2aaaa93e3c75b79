/**
 * Codes of nodes for a request: 1 + the sum of the host-local scores, or NO_CODE when the node has no room. One byte, so scores
 * up to 254. An entry is a class and a code in one number.
 */

export const CODE_BITS = 8;
export const CODE_MAX = (1 << CODE_BITS) - 1;
export const NO_CODE = 0;

export function entryOf(nodeClass: number, code: number): number {
  return (nodeClass << CODE_BITS) | code;
}
