/** An object of the API with its place: what all kinds have in common. A `List` stands for its items. */

import type { ObjectName } from '../../cluster/controller-specs.ts';
import type { YamlCursor } from './yaml-cursor.ts';

export interface ManifestObject extends ObjectName {
  readonly cursor: YamlCursor;
  /** API group and kind, without the version: `apps/Deployment`, `/Pod`. */
  readonly type: string;
  readonly version: string;
  readonly kind: string;
  /** The controller that made it, when the object comes from a cluster. */
  readonly owner: { readonly kind: string; readonly name: string } | undefined;
}

/** What is no Kubernetes object is a fault and left out. */
export function manifestObjects(cursor: YamlCursor): ManifestObject[] {
  const kind = cursor.isMap ? cursor.get('kind').text() : '';
  const apiVersion = cursor.isMap ? cursor.get('apiVersion').text() : '';
  if (kind === '' || apiVersion === '') {
    cursor.faultSaying('expected a Kubernetes object with apiVersion and kind');
    return [];
  }
  // `kubectl get` answers with a List; the API itself with a list of one kind, such as PodList.
  if (kind.endsWith('List') && !cursor.get('items').isAbsent) {
    return cursor.get('items').items().flatMap(manifestObjects);
  }
  const slash = apiVersion.indexOf('/');
  const metadata = cursor.get('metadata');
  return [
    {
      cursor,
      type: `${slash === -1 ? '' : apiVersion.slice(0, slash)}/${kind}`,
      version: apiVersion.slice(slash + 1),
      kind,
      namespace: metadata.get('namespace').text('default'),
      name: metadata.get('name').text(),
      owner: ownerOf(metadata),
    },
  ];
}

function ownerOf(metadata: YamlCursor): ManifestObject['owner'] {
  const owners = metadata.get('ownerReferences').items();
  const owner = owners.find((one) => one.get('controller').flag());
  return owner && { kind: owner.get('kind').text(), name: owner.get('name').text() };
}

/** `KIND/NAMESPACE/NAME`: one object of a cluster. */
export function identityOf(kind: string, { namespace, name }: ObjectName): string {
  return `${kind}/${namespace}/${name}`;
}
