/**
 * Members of a refused group wait together: what may help is told to their group (gang/coscheduling.ts), and moves none of them alone.
 * New members and siblings that hold a node activate them.
 */

import type { PluginHint } from './plugin-hint.ts';

const never = (): boolean => false;

export const coschedulingHint: PluginHint = {
  'node-added': never,
  'node-changed': never,
  'pod-deleted': never,
};
