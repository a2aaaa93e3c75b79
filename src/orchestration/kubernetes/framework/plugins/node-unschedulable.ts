/** NodeUnschedulable (kubernetes.md 1.8): a cordoned node takes only pods that tolerate the taint of that name. */

import { tolerates } from '../../../../cluster/specs.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { Refusal } from '../status.ts';
import type { Taint } from '../../../../cluster/spec.ts';

const CORDON: Taint = {
  key: 'node.kubernetes.io/unschedulable',
  value: '',
  effect: 'NoSchedule',
};

const REFUSAL: Refusal = {
  code: 'UnschedulableAndUnresolvable',
  plugin: 'NodeUnschedulable',
  reasons: ['node(s) were unschedulable'],
};

export const nodeUnschedulable: FilterPlugin = {
  name: 'NodeUnschedulable',

  filter({ spec }, { node }) {
    if (!node.isUnschedulable) return undefined;
    return spec.tolerations.some((toleration) => tolerates(toleration, CORDON))
      ? undefined
      : REFUSAL;
  },
};
