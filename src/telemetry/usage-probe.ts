/**
 * What can be measured of a workload or a task at an instant; the simulation answers. Usage and requests of a workload are
 * of the same tasks: those that are ready.
 */
export interface UsageProbe {
  /** CPU in use. */
  usedTicks(workload: number, nowUs: number): number;
  /** CPU requested. */
  requestedTicks(workload: number): number;
  readyTasks(workload: number): number;
  /** CPU that one running task uses. */
  taskTicks(task: number, nowUs: number): number;
  /** Memory that one running task uses; undefined where its workload does not state it. */
  taskMemoryBytes(task: number, nowUs: number): number | undefined;
  /** Requests that arrive for the workload; 0 without traffic. */
  requestsPerSecond(workload: number, nowUs: number): number;
}
