/**
 * A Kubernetes resource quantity, rounded up to the grain in which the scheduler counts it (kubernetes.md 1.8:
 * CPU up to a milli-core, everything else up to a whole unit).
 *
 *   digits [. digits] [ n u m | k M G T P E | Ki Mi Gi Ti Pi Ei | e digits ]
 *
 * Exact: the decimal text is scaled in integers of any size. Differs from the quantities of scenario files: `m` is a
 * thousandth of anything, `u` a millionth, and there is no `B`.
 */

const QUANTITY = /^\+?(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([-+]?\d{1,2}))?$/;

/** Powers of ten of the decimal suffixes. */
const DECIMAL_EXPONENT = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const BINARY_SUFFIXES = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const GRAIN_EXPONENT = { unit: 0, milli: 3, nano: 9 };

/** The quantity in billionths, thousandths or units, rounded up; null when the text is none or beyond 2^53. */
export function parseKubernetesQuantity(
  input: string | number,
  grain: keyof typeof GRAIN_EXPONENT,
): number | null {
  const match = QUANTITY.exec(`${input}`);
  if (match === null) return null;
  const [, whole = '', fraction = '', suffix = '', exponent = '0'] = match;
  if (whole + fraction === '') return null;

  const binary = BINARY_SUFFIXES.indexOf(suffix);
  const ten =
    (DECIMAL_EXPONENT.get(suffix) ?? Number(exponent)) - fraction.length + GRAIN_EXPONENT[grain];
  let scaled = BigInt(whole + fraction) * (1n << BigInt(10 * (binary + 1)));
  if (ten >= 0) {
    scaled *= powerOfTen(ten);
  } else {
    const divisor = powerOfTen(-ten);
    scaled = (scaled + divisor - 1n) / divisor;
  }
  const value = Number(scaled);
  return Number.isSafeInteger(value) ? value : null;
}

function powerOfTen(exponent: number): bigint {
  return BigInt(`1${'0'.repeat(exponent)}`);
}
