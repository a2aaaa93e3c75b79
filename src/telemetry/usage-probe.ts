/**
 * What can be measured of a workload at an instant; the simulation answers. Usage and requests are of the same tasks:
 * those that are ready.
 */
export interface UsageProbe {
  /** CPU in use. */
  usedTicks(workload: number, nowUs: number): number;
  /** CPU requested. */
  requestedTicks(workload: number): number;
  readyTasks(workload: number): number;
}
