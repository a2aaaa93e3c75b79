/**
 * The largest of many codes and where it stands first: a tree of maxima with 16 children a node.
 *
 * Cost       O(log16 n) to change a code and to find; a change that does not move a maximum stops there.
 * Storage    the narrowest array that holds the codes: at 100,000 hosts it decides what stays in the cache.
 */

export type Codes = Uint8Array | Uint16Array | Int32Array | Float64Array;
export type CodesConstructor =
  Uint8ArrayConstructor | Uint16ArrayConstructor | Int32ArrayConstructor | Float64ArrayConstructor;

const FAN_OUT_BITS = 4;
const FAN_OUT = 1 << FAN_OUT_BITS;

export class MaxTree {
  /** Codes of the slots; filled by the owner before `raise`. */
  readonly leaves: Codes;
  /** `levels[0]` are the leaves; the last level has at most 16 nodes. */
  private readonly levels: Codes[] = [];

  constructor(storage: CodesConstructor, slots: number, none: number) {
    let nodes = slots;
    for (;;) {
      const padded = (nodes + FAN_OUT - 1) & -FAN_OUT;
      this.levels.push(new storage(padded).fill(none));
      if (padded <= FAN_OUT) break;
      nodes = padded >> FAN_OUT_BITS;
    }
    this.leaves = this.levels[0]!;
  }

  /** Makes all maxima from the leaves. */
  raise(): void {
    for (let level = 1; level < this.levels.length; level++) {
      const children = this.levels[level - 1]!;
      const nodes = this.levels[level]!;
      for (let node = 0; node << FAN_OUT_BITS < children.length; node++) {
        nodes[node] = maximumOf(children, node << FAN_OUT_BITS);
      }
    }
  }

  set(slot: number, code: number): void {
    const { levels } = this;
    let children = this.leaves;
    let old = children[slot]!;
    if (old === code) return;
    children[slot] = code;
    let child = slot;
    let value = code;
    for (let level = 1; level < levels.length; level++) {
      const nodes = levels[level]!;
      const node = child >> FAN_OUT_BITS;
      const maximum = nodes[node]!;
      let next = maximum;
      if (value > maximum) next = value;
      else if (old === maximum) next = maximumOf(children, node << FAN_OUT_BITS);
      if (next === maximum) return;
      nodes[node] = next;
      old = maximum;
      value = next;
      child = node;
      children = nodes;
    }
  }

  get maximum(): number {
    return maximumOf(this.levels[this.levels.length - 1]!, 0);
  }

  /** First slot, not before `from`, that holds the maximum `code`; -1 when there is none. */
  firstOf(code: number, from: number): number {
    const { levels } = this;
    let level = from === 0 ? levels.length - 1 : 0;
    let at = from;
    for (;;) {
      const nodes = levels[level]!;
      const end = Math.min((at & -FAN_OUT) + FAN_OUT, nodes.length);
      while (at < end && nodes[at] !== code) at++;
      if (at < end) break;
      if (++level === levels.length) return -1;
      at = end >> FAN_OUT_BITS;
    }
    while (level > 0) {
      const nodes = levels[--level]!;
      at <<= FAN_OUT_BITS;
      while (nodes[at] !== code) at++;
    }
    return at;
  }
}

function maximumOf(codes: Codes, from: number): number {
  let maximum = codes[from]!;
  for (let i = from + 1; i < from + FAN_OUT; i++) {
    const code = codes[i]!;
    if (code > maximum) maximum = code;
  }
  return maximum;
}
