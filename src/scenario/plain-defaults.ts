/** Defaults that several keys share or that depend on other keys; the rest stand beside their key in the schema. */
export const plainDefaults = {
  /** CPU use of a service that states nothing, as a share of its request. */
  serviceUsage: 0.5,
  /** A run has so many samples unless it states `sampling`. */
  samplesPerRun: 288,
} as const;
