/** A container was killed for want of memory. */
export interface MemoryKill {
  /** Number of the task. */
  readonly task: number;
  readonly atUs: number;
  /** How long its run had lasted. */
  readonly ranUs: number;
  readonly requestBytes: number;
}

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
  /** Kills of a workload's tasks after an instant, in order; of workloads whose requests are changed alone. */
  memoryKills(workload: number, afterUs: number): readonly MemoryKill[];
  /** Messages that wait for the workload; 0 without a queue. */
  queueLength(workload: number, nowUs: number): number;
  /** Requests that arrive for the workload; 0 without traffic. */
  requestsPerSecond(workload: number, nowUs: number): number;
}
