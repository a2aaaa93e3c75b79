/**
 * The transcendental functions a run may use. ECMA-262 leaves the last bits of Math.log, exp, pow, cos to the engine, and
 * Node 20, Node 24, Deno and Chromium use that freedom; these are plain arithmetic and agree on all of them.
 */

import cos from '@stdlib/math-base-special-cos';

export { cos };
export { default as exp } from '@stdlib/math-base-special-exp';
export { default as ln } from '@stdlib/math-base-special-ln';
export { default as pow } from '@stdlib/math-base-special-pow';

const HALF_PI = 1.5707963267948966;

/** Through the cosine: absolute error about 1e-16, so near a multiple of pi the relative error is large. */
export function sin(radians: number): number {
  return cos(radians - HALF_PI);
}
