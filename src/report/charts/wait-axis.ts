/**
 * The axis of waiting times. Waits are often exactly zero and reach from seconds to days, so the scale is
 * symlog(x) = sign(x) ln(1 + |x| / 1 s): linear below a second, logarithmic above, and zero has a place.
 * Vega would put linear ticks on it; these are the durations that people know.
 */

const TICKS_S = [
  0, 1, 5, 15, 60, 300, 900, 3_600, 10_800, 36_000, 86_400, 259_200, 864_000, 2_592_000, 31_536_000,
] as const;

const LABEL =
  "datum.value < 60 ? datum.value + ' s' : datum.value < 3600 ? datum.value / 60 + ' min' : " +
  "datum.value < 86400 ? datum.value / 3600 + ' h' : datum.value / 86400 + ' d'";

/** Scale and axis that show every wait up to `longestSeconds`. */
export function waitAxis(longestSeconds: number) {
  const last = TICKS_S.findIndex((tick) => tick >= longestSeconds && tick > 0);
  const values = last < 0 ? [...TICKS_S] : TICKS_S.slice(0, last + 1);
  const end = Math.max(longestSeconds, values.at(-1) ?? 1);
  return {
    scale: { type: 'symlog' as const, constant: 1, domain: [0, end], nice: false },
    axis: { values, labelExpr: LABEL, labelOverlap: 'greedy' as const, labelSeparation: 8 },
  };
}
