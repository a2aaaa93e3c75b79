/**
 * The order of events inside one instant. What frees room comes before what asks for it, deciding comes after all news
 * of the instant, watching comes last. It is the only order across components.
 */
export const PHASE = {
  completion: 0,
  disruption: 1,
  cloudState: 2,
  capacityReady: 3,
  arrival: 4,
  workload: 5,
  scheduling: 6,
  autoscaling: 7,
  sampling: 8,
} as const;
