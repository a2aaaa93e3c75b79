/**
 * What is remembered of a node for a request, in one number: class << CODE_BITS | code, where the code is 1 + the sum of the
 * host-local scores, or NO_CODE when the node has no room.
 */

export const CODE_BITS = 9;
export const CODE_MASK = (1 << CODE_BITS) - 1;
export const NO_CODE = 0;
