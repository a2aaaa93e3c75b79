/** The taints that controllers and operators put on nodes (kubernetes.md 2.8, 2.10). */

import type { Taint } from '../../../cluster/spec.ts';

function taint(name: string, effect: Taint['effect']): Taint {
  return { key: `node.kubernetes.io/${name}`, value: '', effect };
}

/** The kubelet is silent: at once no new pods, and by turns none at all. */
export const UNREACHABLE = {
  noSchedule: taint('unreachable', 'NoSchedule'),
  noExecute: taint('unreachable', 'NoExecute'),
} as const;

/** An operator says that the node is off for good: its pods may be deleted by force. */
export const OUT_OF_SERVICE: Taint = {
  ...taint('out-of-service', 'NoExecute'),
  value: 'nodeshutdown',
};

/** The kubelet sees too little room on its disk. */
export const DISK_PRESSURE: Taint = taint('disk-pressure', 'NoSchedule');

/** The kubelet sees too little free memory. */
export const MEMORY_PRESSURE: Taint = taint('memory-pressure', 'NoSchedule');
