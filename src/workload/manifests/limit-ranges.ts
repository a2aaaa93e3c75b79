/**
 * LimitRange: what the API server states for containers that leave it out, before anybody reads the pod.
 *
 *   limit      `default`, else `max`
 *   request    `defaultRequest`, else `default`, else `min`; a container that states a limit has it as its request already
 *
 * Only limits of type Container fill anything in. Departs: minima, maxima and ratios refuse no pod.
 */

import type { ManifestObject } from './manifest-object.ts';
import type { YamlCursor } from './yaml-cursor.ts';

interface ContainerDefaults {
  readonly limits: ReadonlyMap<string, string | number>;
  readonly requests: ReadonlyMap<string, string | number>;
}

export class LimitRanges {
  private readonly byNamespace = new Map<string, ContainerDefaults[]>();

  /** Takes in a LimitRange object. */
  define({ cursor, namespace }: ManifestObject): void {
    const known = this.byNamespace.get(namespace) ?? [];
    this.byNamespace.set(namespace, known);
    for (const item of cursor.get('spec').get('limits').items()) {
      const defaults = defaultsOf(item);
      if (item.get('type').text() === 'Container') known.push(defaults);
    }
  }

  /** Fills in what the containers of a pod spec leave out. */
  fill(podSpec: YamlCursor, namespace: string): void {
    for (const defaults of this.byNamespace.get(namespace) ?? []) {
      const containers = ['initContainers', 'containers'].flatMap((key) =>
        podSpec.get(key).items(),
      );
      for (const container of containers) fillContainer(container, defaults);
    }
  }
}

function fillContainer(container: YamlCursor, { limits, requests }: ContainerDefaults): void {
  container.fill('resources', {});
  const resources = container.get('resources');
  resources.fill('limits', {});
  resources.fill('requests', {});
  const stated = new Set(
    resources
      .get('limits')
      .entries()
      .map(([resource]) => resource),
  );
  for (const [resource, amount] of requests) {
    if (!stated.has(resource)) resources.get('requests').fill(resource, amount);
  }
  for (const [resource, amount] of limits) resources.get('limits').fill(resource, amount);
}

function defaultsOf(item: YamlCursor): ContainerDefaults {
  const stated = (key: string) =>
    item
      .get(key)
      .entries()
      .map(([resource, amount]) => [resource, amount.textOrNumber()] as const);
  const limits = new Map([...stated('max'), ...stated('default')]);
  const requests = new Map([...stated('min'), ...limits, ...stated('defaultRequest')]);
  return { limits, requests };
}
