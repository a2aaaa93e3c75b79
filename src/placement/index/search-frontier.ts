/**
 * The nodes that a search has still to open: the highest bound first, then the lowest slot. A binary heap over typed arrays
 * that moves a hole instead of swapping.
 */

export class SearchFrontier {
  /** Of the node popped last. */
  bound = -Infinity;
  least = 0;

  private bounds = new Float64Array(64);
  private leasts = new Int32Array(64);
  private nodes = new Int32Array(64);
  private count = 0;

  clear(): void {
    this.count = 0;
  }

  get isEmpty(): boolean {
    return this.count === 0;
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

  /** Removes the node that comes first, and returns it. */
  pop(): number {
    const { bounds, leasts, nodes } = this;
    const top = nodes[0]!;
    this.bound = bounds[0]!;
    this.least = leasts[0]!;
    const count = --this.count;
    const bound = bounds[count]!;
    const least = leasts[count]!;
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
    nodes[at] = nodes[count]!;
    return top;
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
