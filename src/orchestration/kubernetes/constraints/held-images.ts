/** The images of a pod as the nodes of its cluster report them: what ImageLocality looks at (kubernetes.md 1.9). */

import { imagesOf } from '../framework/plugins/image-locality.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { PodTemplate } from '../../../cluster/pod-template.ts';

export interface HeldImage {
  readonly image: number;
  /** How often the pod names it. */
  readonly times: number;
  /** 1 where the host reports it, else 0. */
  at(host: number): 0 | 1;
}

/** Images of unknown size are left out: no node reports them. */
export function heldImages(template: PodTemplate, { images }: ClusterView): HeldImage[] {
  const times = new Map<number, number>();
  for (const name of imagesOf(template)) {
    const image = images.find(name);
    if (image !== undefined) times.set(image, (times.get(image) ?? 0) + 1);
  }
  return [...times].map(([image, count]) => ({
    image,
    times: count,
    at: (host) => (images.has(host, image) ? 1 : 0),
  }));
}
