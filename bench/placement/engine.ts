/** What the benchmark drives: choose a host for a template, put a task there, take it away. */

export interface Engine {
  /** The host for a task of the template, or -1. */
  choose(template: number): number;
  /** `task` is the number of the task, so that an engine can keep what belongs to it. */
  put(host: number, template: number, task: number): void;
  take(host: number, template: number, task: number): void;
}
