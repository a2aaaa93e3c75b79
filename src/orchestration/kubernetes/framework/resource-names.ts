/** Kinds of resource names, as kube-scheduler tells them apart (kubernetes.md 1.8 NodeResourcesFit). */

/**
 * Resources that a node counts in pieces, besides CPU, memory, ephemeral storage and pods: those with a prefix, huge pages
 * and attachable volumes.
 */
export function isScalar(resource: string): boolean {
  return (
    resource.includes('/') ||
    resource.startsWith('hugepages-') ||
    resource.startsWith('attachable-volumes-')
  );
}

/** Extended resources are scalars outside Kubernetes' own namespace. */
export function isExtended(resource: string): boolean {
  return (
    resource.includes('/') &&
    !resource.includes('kubernetes.io/') &&
    !resource.startsWith('requests.')
  );
}
