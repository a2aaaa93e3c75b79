/**
 * Scores of sixteen requests on every slot (a panel), under trees of maxima with 16 children a node. AssemblyScript: compiled
 * by scripts/make-wasm.ts into panel-kernel-code.ts, bound by panel-kernel.ts.
 *
 * Trees      the sixteen stand side by side, one lane a request: a vector holds the same node of all of them.
 * Cells      0 stands for "no room", else 1 + score. One, two or four bytes, chosen when the memory is laid out.
 * Formulas   the expressions of policies/kubernetes-resources.ts, operation by operation, so that the bits are the same.
 *            Plain SIMD only: the relaxed kind may differ between machines.
 * Memory     from BASE on, panel behind panel:  what the sixteen requests ask for, 6 numbers each, then the levels of
 *            the trees, leaves first. The caller makes the memory large enough.
 */

/** Values of `formula`. */
const GIVEN = 0;
const LEAST_ALLOCATED = 1;
const MOST_ALLOCATED = 2;
const BALANCED = 4;
const BALANCED_135 = 8;

const FAN_OUT_BITS = 4;
const FAN_OUT = 1 << FAN_OUT_BITS;
const LANES = 16;
const LEVELS_MAX = 8;
const MILLI_PER_TICK: f64 = 1.0 / 128.0;

/** Bytes of one column of what is asked, and where the columns start. */
const COLUMN: usize = LANES * 8;
const CPU_TICKS: usize = 0;
const MEMORY_BYTES: usize = COLUMN;
/** What LeastAllocated and MostAllocated count, milli-cores and bytes. */
const CPU_COUNTED: usize = 2 * COLUMN;
const MEMORY_COUNTED: usize = 3 * COLUMN;
/** What BalancedAllocation counts. */
const CPU_MILLI: usize = 4 * COLUMN;
const MEMORY_BALANCED: usize = 5 * COLUMN;
const COLUMNS: usize = 6 * COLUMN;

/** The compiler puts what `memory.data` asks for from 1024 on. */
const BASE: usize = 2048;
const row: usize = memory.data(LANES * 4, 16);
/** Of each level, where it starts in a panel and how many nodes it has, in blocks of 16. */
const levelAt: usize = memory.data(LEVELS_MAX * 4, 4);
const nodesOf: usize = memory.data(LEVELS_MAX * 4, 4);

let formula: i32 = GIVEN;
let cellBits: u32 = 0;
let levels: i32 = 0;
let panelBytes: usize = 0;

/** Sets how many slots every panel has, of how many bytes a cell is (as a power of two), and the formula. Forgets all panels. */
export function lay(slots: i32, bitsOfCellBytes: u32, which: i32): void {
  formula = which;
  cellBits = bitsOfCellBytes;
  levels = 0;
  let at = COLUMNS;
  for (let nodes = slots; ; nodes >>= FAN_OUT_BITS) {
    nodes = (nodes + FAN_OUT - 1) & -FAN_OUT;
    store<u32>(levelAt + (levels << 2), <u32>at);
    store<i32>(nodesOf + (levels << 2), nodes);
    levels++;
    at += (<usize>nodes * LANES) << cellBits;
    if (nodes <= FAN_OUT) break;
  }
  panelBytes = (at + 63) & ~63;
}

/** Bytes of memory that so many panels take. */
export function bytesOf(panels: i32): usize {
  return panelAt(panels);
}

/** Nobody has room for any request of the panel. */
export function clear(panel: i32): void {
  memory.fill(panelAt(panel) + COLUMNS, 0, panelBytes - COLUMNS);
}

export function setRequest(
  panel: i32,
  lane: i32,
  cpuTicks: f64,
  memoryBytes: f64,
  cpuCounted: f64,
  memoryCounted: f64,
): void {
  const at = panelAt(panel) + (<usize>lane << 3);
  store<f64>(at, cpuTicks, CPU_TICKS);
  store<f64>(at, memoryBytes, MEMORY_BYTES);
  store<f64>(at, cpuCounted, CPU_COUNTED);
  store<f64>(at, memoryCounted, MEMORY_COUNTED);
  store<f64>(at, ceil(cpuTicks * MILLI_PER_TICK), CPU_MILLI);
  store<f64>(at, memoryBytes, MEMORY_BALANCED);
}

/** Scores a host for the requests whose bits are set in `admitted`; `given` is the code where no formula is. */
export function update(
  panel: i32,
  slot: i32,
  cpuFree: f64,
  memoryFree: f64,
  cpuAll: f64,
  memoryAll: f64,
  admitted: u32,
  given: i32,
): void {
  const at = panelAt(panel);
  if (formula == GIVEN) giveRow(at, cpuFree, memoryFree, admitted, given);
  else scoreRow(at, cpuFree, memoryFree, cpuAll, memoryAll, admitted);
  const a = v128.load(row);
  const b = v128.load(row, 16);
  const c = v128.load(row, 32);
  const d = v128.load(row, 48);
  if (cellBits == 0) {
    const low = i16x8.narrow_i32x4_s(a, b);
    const high = i16x8.narrow_i32x4_s(c, d);
    put<u8>(at, slot, i8x16.narrow_i16x8_u(low, high));
  } else if (cellBits == 1) {
    put<u16>(at, slot, i16x8.narrow_i32x4_u(a, b));
    put<u16>(at + 16, slot, i16x8.narrow_i32x4_u(c, d));
  } else {
    put<u32>(at, slot, a);
    put<u32>(at + 16, slot, b);
    put<u32>(at + 32, slot, c);
    put<u32>(at + 48, slot, d);
  }
}

/** The first slot that holds the largest score of a lane; -1 when nobody has room. */
export function first(panel: i32, lane: i32): i32 {
  const at = panelAt(panel) + (<usize>lane << cellBits);
  if (cellBits == 0) return firstMaximum<u8>(at);
  if (cellBits == 1) return firstMaximum<u16>(at);
  return firstMaximum<u32>(at);
}

/** First slot, not before `from`, that holds the maximum `code`; -1 when there is none. */
export function firstFrom(panel: i32, lane: i32, code: u32, from: i32): i32 {
  const at = panelAt(panel) + (<usize>lane << cellBits);
  if (cellBits == 0) return firstOf<u8>(at, <u8>code, from);
  if (cellBits == 1) return firstOf<u16>(at, <u16>code, from);
  return firstOf<u32>(at, code, from);
}

export function codeAt(panel: i32, lane: i32, slot: i32): u32 {
  const at = panelAt(panel) + (<usize>lane << cellBits);
  if (cellBits == 0) return cell<u8>(at, 0, slot);
  if (cellBits == 1) return cell<u16>(at, 0, slot);
  return cell<u32>(at, 0, slot);
}

@inline
function panelAt(panel: i32): usize {
  return BASE + <usize>panel * panelBytes;
}

/** All ones in each 32-bit lane of the four requests from `lane` on that are admitted and have enough CPU and memory. */
@inline
function fits(at: usize, lane: i32, cpuFree: v128, memoryFree: v128, admitted: u32): v128 {
  const low = v128.and(
    f64x2.le(v128.load(at, CPU_TICKS), cpuFree),
    f64x2.le(v128.load(at, MEMORY_BYTES), memoryFree),
  );
  const high = v128.and(
    f64x2.le(v128.load(at, CPU_TICKS + 16), cpuFree),
    f64x2.le(v128.load(at, MEMORY_BYTES + 16), memoryFree),
  );
  const bits = v128.and(i32x4.splat(admitted >> lane), i32x4(1, 2, 4, 8));
  return v128.and(v128.shuffle<i32>(low, high, 0, 2, 4, 6), i32x4.gt_s(bits, i32x4.splat(0)));
}

/** The same code for all who fit. */
function giveRow(at: usize, cpuFree: f64, memoryFree: f64, admitted: u32, given: i32): void {
  const cpu = f64x2.splat(cpuFree);
  const memory = f64x2.splat(memoryFree);
  const code = i32x4.splat(given);
  for (let lane = 0; lane < LANES; lane += 4) {
    const fit = fits(at + (<usize>lane << 3), lane, cpu, memory, admitted);
    v128.store(row + (<usize>lane << 2), v128.and(code, fit));
  }
}

function scoreRow(
  at: usize,
  cpuFree: f64,
  memoryFree: f64,
  cpuAll: f64,
  memoryAll: f64,
  admitted: u32,
): void {
  const cpu = ceil(cpuAll * MILLI_PER_TICK);
  const cpuBound = ceil((cpuAll - cpuFree) * MILLI_PER_TICK);
  const memoryBound = memoryAll - memoryFree;
  // Without one of the two there is nothing to balance.
  const both = cpu > 0 && memoryAll > 0 ? i64x2.splat(-1) : i64x2.splat(0);
  const before = i32(balance(cpuBound, cpu, memoryBound, memoryAll));
  const free = f64x2.splat(cpuFree);
  const memFree = f64x2.splat(memoryFree);
  const cpus = f64x2.splat(cpu);
  const memories = f64x2.splat(memoryAll);
  const cpuBounds = f64x2.splat(cpuBound);
  const memoryBounds = f64x2.splat(memoryBound);
  for (let lane = 0; lane < LANES; lane += 4) {
    const from = at + (<usize>lane << 3);
    const fit = fits(from, lane, free, memFree, admitted);
    let score = i32x4.splat(1);
    if (v128.any_true(fit)) {
      const low = scoreTwo(from, cpus, memories, cpuBounds, memoryBounds, both, before);
      const high = scoreTwo(from + 16, cpus, memories, cpuBounds, memoryBounds, both, before);
      score = i32x4.add(score, v128.shuffle<i64>(low, high, 0, 2));
    }
    v128.store(row + (<usize>lane << 2), v128.and(score, fit));
  }
}

/** Scores of two requests in the lower two of four lanes. */
@inline
function scoreTwo(
  at: usize,
  cpu: v128,
  memory: v128,
  cpuBound: v128,
  memoryBound: v128,
  both: v128,
  before: i32,
): v128 {
  let score = i32x4.splat(0);
  if (formula & (LEAST_ALLOCATED | MOST_ALLOCATED)) {
    const cpuUsed = f64x2.add(cpuBound, v128.load(at, CPU_COUNTED));
    const memoryUsed = f64x2.add(memoryBound, v128.load(at, MEMORY_COUNTED));
    const isMost = formula & MOST_ALLOCATED;
    const cpuPart = isMost ? f64x2.pmin(cpu, cpuUsed) : unused(cpu, cpuUsed);
    const memoryPart = isMost ? f64x2.pmin(memory, memoryUsed) : unused(memory, memoryUsed);
    const sum = i32x4.add(percent(cpuPart, cpu), percent(memoryPart, memory));
    score = i32x4.shr_u(sum, 1);
  }
  if (formula & (BALANCED | BALANCED_135)) {
    const cpuAsked = v128.load(at, CPU_MILLI);
    const memoryAsked = v128.load(at, MEMORY_BALANCED);
    const after = balanceTwo(
      f64x2.div(f64x2.add(cpuBound, cpuAsked), cpu),
      f64x2.div(f64x2.add(memoryBound, memoryAsked), memory),
      both,
    );
    if (formula & BALANCED) {
      const twice = i32x4.add(after, i32x4.splat(50 - before));
      score = i32x4.add(score, i32x4.add(i32x4.splat(50), i32x4.shr_u(twice, 1)));
    } else {
      // BalancedAllocation leaves out a task that asks for neither.
      const asks = f64x2.gt(f64x2.add(cpuAsked, memoryAsked), f64x2.splat(0));
      score = i32x4.add(score, v128.and(after, v128.shuffle<i32>(asks, asks, 0, 2, 0, 2)));
    }
  }
  return score;
}

@inline
function unused(capacity: v128, used: v128): v128 {
  return f64x2.pmax(f64x2.splat(0), f64x2.sub(capacity, used));
}

/** In whole hundredths, 0 of nothing. */
@inline
function percent(part: v128, whole: v128): v128 {
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.div(f64x2.mul(part, f64x2.splat(100)), whole));
}

@inline
function balanceTwo(cpuShare: v128, memoryShare: v128, both: v128): v128 {
  const one = f64x2.splat(1);
  const difference = f64x2.sub(f64x2.pmin(one, cpuShare), f64x2.pmin(one, memoryShare));
  const half = f64x2.mul(v128.and(f64x2.abs(difference), both), f64x2.splat(0.5));
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.mul(f64x2.sub(one, half), f64x2.splat(100)));
}

function balance(cpuUsed: f64, cpu: f64, memoryUsed: f64, memory: f64): f64 {
  if (cpu == 0 || memory == 0) return 100;
  const difference = abs(min(1.0, cpuUsed / cpu) - min(1.0, memoryUsed / memory));
  return trunc((1.0 - difference * 0.5) * 100.0);
}

/** Sets the nodes of one leaf, and raises the maxima above as far as they change. */
function put<T>(at: usize, slot: i32, leaf: v128): void {
  const bits = FAN_OUT_BITS + cellBits;
  let children = at + load<u32>(levelAt);
  let node = children + (<usize>slot << bits);
  let old = v128.load(node);
  let value = leaf;
  if (!v128.any_true(v128.xor(old, value))) return;
  v128.store(node, value);
  for (let level = 1; level < levels; level++) {
    const siblings = children + (<usize>(slot & -FAN_OUT) << bits);
    slot >>= FAN_OUT_BITS;
    children = at + load<u32>(levelAt + (level << 2));
    node = children + (<usize>slot << bits);
    const maximum = v128.load(node);
    const isSmaller = v128.lt<T>(value, old);
    if (v128.any_true(v128.and(isSmaller, v128.eq<T>(old, maximum)))) {
      value = largestOf<T>(siblings, bits);
    } else {
      value = v128.max<T>(value, maximum);
    }
    if (!v128.any_true(v128.xor(value, maximum))) return;
    v128.store(node, value);
    old = maximum;
  }
}

@inline
function largestOf<T>(from: usize, bits: u32): v128 {
  let largest = v128.load(from);
  for (let i = 1; i < FAN_OUT; i++) {
    largest = v128.max<T>(largest, v128.load(from + (<usize>i << bits)));
  }
  return largest;
}

@inline
function cell<T>(at: usize, level: i32, node: i32): T {
  const bits = FAN_OUT_BITS + alignof<T>();
  return load<T>(at + load<u32>(levelAt + (level << 2)) + (<usize>node << bits));
}

@inline
function firstMaximum<T>(at: usize): i32 {
  let largest: T = 0;
  let node = 0;
  for (let i = 0; i < FAN_OUT; i++) {
    const code = cell<T>(at, levels - 1, i);
    if (code <= largest) continue;
    largest = code;
    node = i;
  }
  return largest == 0 ? -1 : descend<T>(at, largest, levels - 1, node);
}

@inline
function firstOf<T>(at: usize, code: T, from: i32): i32 {
  let node = from;
  for (let level = 0; level < levels; level++) {
    const end = min((node + FAN_OUT) & -FAN_OUT, load<i32>(nodesOf + (level << 2)));
    for (; node < end; node++) {
      if (cell<T>(at, level, node) == code) return descend<T>(at, code, level, node);
    }
    node = end >> FAN_OUT_BITS;
  }
  return -1;
}

/** The first leaf below a node that holds `code`, which the node holds too. */
@inline
function descend<T>(at: usize, code: T, level: i32, node: i32): i32 {
  while (level > 0) {
    level--;
    node <<= FAN_OUT_BITS;
    while (cell<T>(at, level, node) != code) node++;
  }
  return node;
}
