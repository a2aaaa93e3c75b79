/**
 * Specs that differ in CPU and memory alone from one that was written: jobs of drawn sizes bring a new one each, so a row is
 * three numbers here, found through an open hash table, and no object.
 */

const EMPTY = -1;
const INITIAL_SLOTS = 128;
const TWO_TO_32 = 4_294_967_296;

export interface SizedSpecsState {
  readonly templates: readonly number[];
  readonly cpuTicks: readonly number[];
  readonly memoryBytes: readonly number[];
}

export class SizedSpecs {
  /** By row: number of the written spec, and the sizes. */
  readonly templates: number[] = [];
  readonly cpuTicks: number[] = [];
  readonly memoryBytes: number[] = [];
  /** Row in each slot; at most half are full. */
  private slots = new Int32Array(INITIAL_SLOTS).fill(EMPTY);

  get count(): number {
    return this.templates.length;
  }

  /** Row of the template with these sizes, added when it is new. */
  rowOf(template: number, cpuTicks: number, memoryBytes: number): number {
    const slot = this.slotOf(template, cpuTicks, memoryBytes);
    const known = this.slots[slot]!;
    if (known !== EMPTY) return known;
    const row = this.templates.length;
    this.templates.push(template);
    this.cpuTicks.push(cpuTicks);
    this.memoryBytes.push(memoryBytes);
    this.slots[slot] = row;
    if (this.templates.length * 2 > this.slots.length) this.grow();
    return row;
  }

  save(): SizedSpecsState {
    const { templates, cpuTicks, memoryBytes } = this;
    return {
      templates: [...templates],
      cpuTicks: [...cpuTicks],
      memoryBytes: [...memoryBytes],
    };
  }

  restore({ templates, cpuTicks, memoryBytes }: SizedSpecsState): void {
    this.templates.length = this.cpuTicks.length = this.memoryBytes.length = 0;
    this.slots = new Int32Array(INITIAL_SLOTS).fill(EMPTY);
    for (const [row, template] of templates.entries()) {
      this.rowOf(template, cpuTicks[row]!, memoryBytes[row]!);
    }
  }

  /** The slot that holds it, or the empty one where it belongs. */
  private slotOf(template: number, cpuTicks: number, memoryBytes: number): number {
    const mask = this.slots.length - 1;
    let slot = hashOf(template, cpuTicks, memoryBytes) & mask;
    for (let row = this.slots[slot]!; row !== EMPTY; row = this.slots[slot]!) {
      const isSame =
        this.cpuTicks[row] === cpuTicks &&
        this.memoryBytes[row] === memoryBytes &&
        this.templates[row] === template;
      if (isSame) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(EMPTY);
    for (const [row, template] of this.templates.entries()) {
      this.slots[this.slotOf(template, this.cpuTicks[row]!, this.memoryBytes[row]!)] = row;
    }
  }
}

function hashOf(template: number, cpuTicks: number, memoryBytes: number): number {
  const low = Math.imul((memoryBytes % TWO_TO_32) | 0, 0x9e3779b1);
  const high = Math.imul(Math.floor(memoryBytes / TWO_TO_32), 0xc2b2ae35);
  const mixed = Math.imul(cpuTicks | 0, 0x85ebca6b) ^ low ^ high ^ Math.imul(template, 0x27d4eb2f);
  return mixed ^ (mixed >>> 15);
}
