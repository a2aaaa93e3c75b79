/**
 * The images that nodes report: what schedulers may know of them. What a host really holds is with its runtime (images/).
 *
 * Names      as Kubernetes normalises them: without a tag after the last '/' they mean `:latest`. Two names of one image are one.
 * Counts     nodes of a cluster that report an image, and nodes of a cluster at all: hosts that take tasks or are being drained,
 *            micro-VMs apart.
 */

const NONE: readonly number[] = [];

export interface NodeImagesState {
  readonly reported: readonly (readonly [number, readonly number[]])[];
  readonly nodesWith: readonly (readonly number[])[];
  readonly nodes: readonly number[];
}

export class NodeImages {
  /** By row of an image, fixed before a run begins. */
  readonly names: string[] = [];
  readonly bytes: number[] = [];
  private readonly rows = new Map<string, number>();
  /** By host; the largest first. */
  private readonly reported = new Map<number, readonly number[]>();
  /** By cluster, then by image. */
  private nodesWith: number[][] = [];
  /** By cluster. */
  private nodes: number[] = [];

  /** Row of an image that there may be; the size counts that is told first. */
  register(image: string, bytes: number): number {
    const name = withTag(image);
    const known = this.rows.get(name);
    if (known !== undefined) return known;
    this.rows.set(name, this.names.length);
    this.bytes.push(bytes);
    return this.names.push(name) - 1;
  }

  /** Undefined for an image of unknown size, which no node reports. */
  find(image: string): number | undefined {
    return this.rows.get(withTag(image));
  }

  on(host: number): readonly number[] {
    return this.reported.get(host) ?? NONE;
  }

  has(host: number, image: number): boolean {
    return this.on(host).includes(image);
  }

  /** Nodes of a cluster that report the image. */
  nodesWithImage(image: number, cluster: number): number {
    return this.nodesWith[cluster]?.[image] ?? 0;
  }

  nodesOf(cluster: number): number {
    return this.nodes[cluster] ?? 0;
  }

  /** For the ledger: what the host reports from now on, the largest first. */
  report(host: number, cluster: number, images: readonly number[]): void {
    for (const image of this.on(host)) this.count(image, cluster, -1);
    for (const image of images) this.count(image, cluster, 1);
    if (images.length === 0) this.reported.delete(host);
    else this.reported.set(host, images);
  }

  /** For the ledger: a host became a node (by 1), or is none any more (by -1). */
  countNode(cluster: number, by: 1 | -1): void {
    this.nodes[cluster] = this.nodesOf(cluster) + by;
  }

  save(): NodeImagesState {
    return {
      reported: [...this.reported],
      nodesWith: Array.from(this.nodesWith, (counts?: number[]) => [...(counts ?? [])]),
      nodes: Array.from(this.nodes, (_, cluster) => this.nodesOf(cluster)),
    };
  }

  restore(state: NodeImagesState): void {
    this.reported.clear();
    for (const [host, images] of state.reported) this.reported.set(host, images);
    this.nodesWith = state.nodesWith.map((counts) => [...counts]);
    this.nodes = [...state.nodes];
  }

  private count(image: number, cluster: number, by: 1 | -1): void {
    const counts = (this.nodesWith[cluster] ??= this.names.map(() => 0));
    counts[image] = (counts[image] ?? 0) + by;
  }
}

function withTag(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
