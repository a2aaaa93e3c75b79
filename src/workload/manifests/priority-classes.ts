/**
 * Priorities by class name. The two system classes exist in every cluster; a class that is `globalDefault` gives pods
 * without a class their priority, else it is 0. A class that no file defines is reported and counts as the default.
 */

import type { PodTemplate } from '../../cluster/pod-template.ts';
import type { YamlCursor } from './yaml-cursor.ts';

type PreemptionPolicy = PodTemplate['preemptionPolicy'];

export class PriorityClasses {
  private readonly priorities = new Map([
    ['system-cluster-critical', 2_000_000_000],
    ['system-node-critical', 2_000_001_000],
  ]);
  private defaultPriority = 0;
  /** Classes whose pods take nobody's place; '' for pods without a class. */
  private readonly patient = new Set<string>();

  /** Takes in a PriorityClass object. */
  define(name: string, priorityClass: YamlCursor): void {
    const priority = priorityClass.get('value').whole(0, -2_147_483_648);
    this.priorities.set(name, priority);
    const isDefault = priorityClass.get('globalDefault').flag();
    if (isDefault) this.defaultPriority = priority;
    const policy = priorityClass
      .get('preemptionPolicy')
      .oneOf(['PreemptLowerPriority', 'Never'], 'PreemptLowerPriority');
    if (policy === 'PreemptLowerPriority') return;
    this.patient.add(name);
    if (isDefault) this.patient.add('');
  }

  /** Of the class; a pod may state another one. */
  preemptionPolicyOf(podSpec: YamlCursor): PreemptionPolicy {
    const className = podSpec.get('priorityClassName').text();
    return this.patient.has(className) ? 'Never' : 'PreemptLowerPriority';
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
