/**
 * Priorities by class name. The two system classes exist in every cluster; a class that is `globalDefault` gives pods
 * without a class their priority, else it is 0. A class that no file defines is reported and counts as the default.
 */

import type { YamlCursor } from './yaml-cursor.ts';

export class PriorityClasses {
  private readonly priorities = new Map([
    ['system-cluster-critical', 2_000_000_000],
    ['system-node-critical', 2_000_001_000],
  ]);
  private defaultPriority = 0;

  /** Takes in a PriorityClass object. */
  define(name: string, priorityClass: YamlCursor): void {
    const priority = priorityClass.get('value').whole(0, -2_147_483_648);
    this.priorities.set(name, priority);
    if (priorityClass.get('globalDefault').flag()) this.defaultPriority = priority;
  }

  priorityOf(podSpec: YamlCursor, leftOut: string[]): number {
    const className = podSpec.get('priorityClassName').text();
    if (className === '')
      return podSpec.get('priority').whole(this.defaultPriority, -2_147_483_648);
    const priority = this.priorities.get(className);
    if (priority === undefined) leftOut.push(`PriorityClass ${className}, which no file defines`);
    return priority ?? this.defaultPriority;
  }
}
