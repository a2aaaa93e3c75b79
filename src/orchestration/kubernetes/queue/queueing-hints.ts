/** The question that the scheduling queue asks of plugins: is a pod that you refused worth another try after this event? */

import type { ClusterEvent } from './cluster-event.ts';
import type { TemplateKey } from './template.ts';

export interface QueueingHints {
  /** Bits of the plugins that want to hear of such an event. */
  registered(event: ClusterEvent): number;
  /** True when one of the plugins, given by their bits, says Queue for pods of the template. */
  worthTrying(template: TemplateKey, plugins: number, event: ClusterEvent): boolean;
}
