/** NodeName (kubernetes.md 1.8): a pod that names its node goes there or nowhere. */

import type { FilterPlugin } from '../plugin.ts';
import type { Refusal } from '../status.ts';

const REFUSAL: Refusal = {
  code: 'UnschedulableAndUnresolvable',
  plugin: 'NodeName',
  reasons: ["node(s) didn't match the requested node name"],
};

export const nodeName: FilterPlugin = {
  name: 'NodeName',

  filter({ spec }, { node }) {
    const wanted = spec.template.nodeName;
    return wanted === '' || wanted === node.name ? undefined : REFUSAL;
  },
};
