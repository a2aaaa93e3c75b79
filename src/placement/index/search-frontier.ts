/**
 * The nodes that a search has still to open: the highest bound first, then the lowest slot. A binary heap over typed arrays
 * that moves a hole instead of swapping.
 */

export const NO_NODE = -1;

export class SearchFrontier {
  /** Of the node taken off last. */
  bound = -Infinity;

  private bounds = new Float64Array(64);
  private leasts = new Int32Array(64);
  private nodes = new Int32Array(64);
  private count = 0;

  clear(): void {
    this.count = 0;
  }

  push(bound: number, least: number, node: number): void {
    if (this.count === this.nodes.length) this.grow();
    const { bounds, leasts, nodes } = this;
    let at = this.count++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const other = bounds[up]!;
      if (!(bound > other || (bound === other && least < leasts[up]!))) break;
      bounds[at] = other;
      leasts[at] = leasts[up]!;
      nodes[at] = nodes[up]!;
      at = up;
    }
    bounds[at] = bound;
    leasts[at] = least;
    nodes[at] = node;
  }

  /** Takes off the node that comes first; NO_NODE when there is none. */
  pop(): number {
    const { bounds, leasts, nodes } = this;
    if (this.count === 0) return NO_NODE;
    const top = nodes[0]!;
    this.bound = bounds[0]!;
    const last = --this.count;
    this.sink(bounds[last]!, leasts[last]!, nodes[last]!);
    return top;
  }

  /** Pushes a node and pops; mostly it is the one that comes first, and nothing moves. */
  swap(bound: number, least: number, node: number): number {
    const { bounds, leasts, nodes } = this;
    const top = bounds[0]!;
    if (this.count === 0 || bound > top || (bound === top && least < leasts[0]!)) {
      this.bound = bound;
      return node;
    }
    const first = nodes[0]!;
    this.bound = top;
    this.sink(bound, least, node);
    return first;
  }

  /** Lets a node find its place from the top, where a hole is. */
  private sink(bound: number, least: number, node: number): void {
    const { bounds, leasts, nodes, count } = this;
    let at = 0;
    for (let down = 1; down < count; down = 2 * at + 1) {
      const right = down + 1;
      if (right < count && isBefore(bounds, leasts, right, down)) down = right;
      const other = bounds[down]!;
      if (!(other > bound || (other === bound && leasts[down]! < least))) break;
      bounds[at] = other;
      leasts[at] = leasts[down]!;
      nodes[at] = nodes[down]!;
      at = down;
    }
    bounds[at] = bound;
    leasts[at] = least;
    nodes[at] = node;
  }

  private grow(): void {
    const { bounds, leasts, nodes } = this;
    this.bounds = new Float64Array(2 * bounds.length);
    this.bounds.set(bounds);
    this.leasts = new Int32Array(2 * leasts.length);
    this.leasts.set(leasts);
    this.nodes = new Int32Array(2 * nodes.length);
    this.nodes.set(nodes);
  }
}

function isBefore(bounds: Float64Array, leasts: Int32Array, a: number, b: number): boolean {
  return bounds[a]! > bounds[b]! || (bounds[a] === bounds[b] && leasts[a]! < leasts[b]!);
}
