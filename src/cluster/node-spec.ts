/** A Node object as a manifest states it: what would otherwise follow from an instance type. */

import type { Amounts } from './pod-template.ts';
import type { Taint } from './spec.ts';

export interface NodeSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly isUnschedulable: boolean;
  readonly capacity: Amounts;
  readonly allocatable: Amounts;
}
