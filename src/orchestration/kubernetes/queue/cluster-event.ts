/**
 * What happens in a cluster that may let a refused pod fit (kubernetes.md 1.2, event sources), as far as a simulation has it.
 *
 * Departs   allocatable amounts of a node, labels of pods do not change while a run goes on.
 */

export type ClusterEvent =
  /** A node joined and takes pods. */
  | { readonly kind: 'node-added'; readonly host: number }
  /** Labels or taints of a node changed; rows of the kinds of host that it was and is. */
  | {
      readonly kind: 'node-changed';
      readonly host: number;
      readonly before: number;
      readonly after: number;
    }
  /** A node left the cluster. */
  | { readonly kind: 'node-deleted'; readonly host: number }
  /** A pod was assigned to a node. */
  | { readonly kind: 'pod-added'; readonly task: number }
  /** An assigned pod was resized in place and asks for less of something now. */
  | { readonly kind: 'pod-scaled-down'; readonly task: number }
  /** A claim or a volume came, or changed; NO_ROW for none. */
  | { readonly kind: 'storage-changed'; readonly volume: number; readonly claim: number }
  /** An assigned pod ended or was deleted, or a nomination ended: the room is free for pods of at most that priority. */
  | { readonly kind: 'pod-deleted'; readonly task: number; readonly priorityMax: number };
