/**
 * Scores of 32 requests on every slot (a panel), under trees of maxima with 16 children a node. AssemblyScript: compiled
 * by scripts/make-wasm.ts into panel-kernel-code.ts, bound by panel-kernel.ts.
 *
 * Trees      the 32 stand side by side, one lane a request: a row holds the same node of all of them, in two vectors or more.
 * Cells      0 stands for "no room", else 1 + score. One, two or four bytes, chosen when the memory is laid out.
 * Formulas   the expressions of policies/kubernetes-resources.ts, operation by operation, so that the bits are the same.
 *            Plain SIMD only: the relaxed kind may differ between machines.
 * Memory     from BASE on, panel behind panel:  what the requests ask for, 5 numbers each, then the levels of
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
const LANES = 32;
const FOURS: u32 = LANES >> 2;
const LEVELS_MAX = 8;
const MILLI_PER_TICK: f64 = 1.0 / 128.0;

/** Bytes of one column of what is asked, and where the columns start. */
const COLUMN: usize = LANES * 8;
const CPU_TICKS: usize = 0;
const MEMORY_BYTES: usize = COLUMN;
/** What LeastAllocated and MostAllocated count, milli-cores and bytes. */
const CPU_COUNTED: usize = 2 * COLUMN;
const MEMORY_COUNTED: usize = 3 * COLUMN;
/** What BalancedAllocation counts of CPU. */
const CPU_MILLI: usize = 4 * COLUMN;
const COLUMNS: usize = 5 * COLUMN;

/** The compiler puts what `memory.data` asks for from 1024 on. */
const BASE: usize = 2048;
/** Bytes of a vector, and how many of them hold the bytes of one row, as powers of two. */
const VECTOR_BITS = 4;
const ROW_BITS = 5;
/** Of the host being scored: who fits, all ones or zeros in 32 bits a lane, and the codes. */
const fit: usize = memory.data(LANES * 4, 16);
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
    at += <usize>nodes << (ROW_BITS + cellBits);
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
  const fours = markFits(at, cpuFree, memoryFree, admitted, formula == GIVEN ? given : 1);
  if (formula != GIVEN) {
    const cpu = ceil(cpuAll * MILLI_PER_TICK);
    const cpuBound = ceil((cpuAll - cpuFree) * MILLI_PER_TICK);
    const memoryBound = memoryAll - memoryFree;
    if (formula & (LEAST_ALLOCATED | MOST_ALLOCATED)) {
      scoreAllocated(at, cpu, cpuBound, memoryAll, memoryBound, fours);
    }
    if (formula & (BALANCED | BALANCED_135)) {
      addBalanced(at, cpu, cpuBound, memoryAll, memoryBound, fours);
    }
  }
  const vectors: usize = (LANES >> VECTOR_BITS) << cellBits;
  for (let vector: usize = 0; vector < vectors; vector++) {
    const lanes = at + (vector << VECTOR_BITS);
    const codes = row + (vector << (VECTOR_BITS + 2 - cellBits));
    if (cellBits == 0) put<u8>(lanes, slot, bytes(codes));
    else if (cellBits == 1) put<u16>(lanes, slot, halves(codes));
    else put<u32>(lanes, slot, v128.load(codes));
  }
}

/** Eight codes of 32 bits in 16 bits each. */
@inline
function halves(codes: usize): v128 {
  return i16x8.narrow_i32x4_u(v128.load(codes), v128.load(codes, 16));
}

/** Sixteen codes in a byte each. */
@inline
function bytes(codes: usize): v128 {
  return i8x16.narrow_i16x8_u(halves(codes), halves(codes + 32));
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

/**
 * Marks in `fit` the requests that are admitted and have enough CPU and memory, and gives them the code `least`, all others 0.
 * Answers a bit for every four that one of them is among.
 */
function markFits(
  at: usize,
  cpuFree: f64,
  memoryFree: f64,
  admitted: u32,
  least: i32,
): u32 {
  const code = i32x4.splat(least);
  const cpu = f64x2.splat(cpuFree);
  const memory = f64x2.splat(memoryFree);
  let fours: u32 = 0;
  for (let four: u32 = 0; four < FOURS; four++) {
    const from = at + (four << 5);
    const low = v128.and(
      f64x2.le(v128.load(from, CPU_TICKS), cpu),
      f64x2.le(v128.load(from, MEMORY_BYTES), memory),
    );
    const high = v128.and(
      f64x2.le(v128.load(from, CPU_TICKS + 16), cpu),
      f64x2.le(v128.load(from, MEMORY_BYTES + 16), memory),
    );
    const bits = v128.and(i32x4.splat(admitted >> (four << 2)), i32x4(1, 2, 4, 8));
    const isAdmitted = i32x4.gt_s(bits, i32x4.splat(0));
    const mask = v128.and(v128.shuffle<i32>(low, high, 0, 2, 4, 6), isAdmitted);
    v128.store(fit + (four << 4), mask);
    v128.store(row + (four << 4), v128.and(mask, code));
    fours |= u32(v128.any_true(mask)) << four;
  }
  return fours;
}

/** Adds to the codes of those of the four that fit. */
@inline
function add(four: u32, score: v128): void {
  const at = row + (four << 4);
  const due = v128.and(score, v128.load(fit + (four << 4)));
  v128.store(at, i32x4.add(v128.load(at), due));
}

/** Adds the mean over CPU and memory of what would be free, or in use, in whole hundredths. */
function scoreAllocated(
  at: usize,
  cpuCapacity: f64,
  cpuBound: f64,
  memoryCapacity: f64,
  memoryBound: f64,
  fours: u32,
): void {
  const cpu = f64x2.splat(cpuCapacity);
  const memory = f64x2.splat(memoryCapacity);
  const cpuUsed = f64x2.splat(cpuBound);
  const memoryUsed = f64x2.splat(memoryBound);
  for (; fours != 0; fours &= fours - 1) {
    const four = ctz(fours);
    const from = at + (four << 5);
    const cpuPart = percent(from + CPU_COUNTED, cpuUsed, cpu);
    const memoryPart = percent(from + MEMORY_COUNTED, memoryUsed, memory);
    add(four, i32x4.shr_u(i32x4.add(cpuPart, memoryPart), 1));
  }
}

/** Of one resource and four requests; 0 of nothing. */
@inline
function percent(asked: usize, bound: v128, capacity: v128): v128 {
  const low = counted(f64x2.add(bound, v128.load(asked)), capacity);
  const high = counted(f64x2.add(bound, v128.load(asked, 16)), capacity);
  const hundred = f64x2.splat(100);
  return wholeOf(
    f64x2.div(f64x2.mul(low, hundred), capacity),
    f64x2.div(f64x2.mul(high, hundred), capacity),
  );
}

/** What counts: what is in use, at most all, or what is free, at least nothing. */
@inline
function counted(used: v128, capacity: v128): v128 {
  if (formula & MOST_ALLOCATED) return f64x2.pmin(capacity, used);
  return f64x2.pmax(f64x2.splat(0), f64x2.sub(capacity, used));
}

/** Four numbers cut to integers. */
@inline
function wholeOf(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(
    i32x4.trunc_sat_f64x2_s_zero(low),
    i32x4.trunc_sat_f64x2_s_zero(high),
    0,
    2,
  );
}

/** Adds BalancedAllocation. */
function addBalanced(
  at: usize,
  cpuCapacity: f64,
  cpuBound: f64,
  memoryCapacity: f64,
  memoryBound: f64,
  fours: u32,
): void {
  const cpu = f64x2.splat(cpuCapacity);
  const memory = f64x2.splat(memoryCapacity);
  const cpuUsed = f64x2.splat(cpuBound);
  const memoryUsed = f64x2.splat(memoryBound);
  // Without one of the two there is nothing to balance.
  const both = cpuCapacity > 0 && memoryCapacity > 0 ? i64x2.splat(-1) : i64x2.splat(0);
  const nothing = f64x2.splat(0);
  const before = balance(nothing, nothing, cpuUsed, cpu, memoryUsed, memory, both);
  const improvement = i32x4.splat(50 - i32(f64x2.extract_lane(before, 0)));
  for (; fours != 0; fours &= fours - 1) {
    const four = ctz(fours);
    const from = at + (four << 5);
    const cpuLow = v128.load(from, CPU_MILLI);
    const cpuHigh = v128.load(from, CPU_MILLI + 16);
    const memoryLow = v128.load(from, MEMORY_BYTES);
    const memoryHigh = v128.load(from, MEMORY_BYTES + 16);
    let score = wholeOf(
      balance(cpuLow, memoryLow, cpuUsed, cpu, memoryUsed, memory, both),
      balance(cpuHigh, memoryHigh, cpuUsed, cpu, memoryUsed, memory, both),
    );
    if (formula & BALANCED) {
      score = i32x4.add(i32x4.splat(50), i32x4.shr_u(i32x4.add(score, improvement), 1));
    } else {
      // A task that asks for neither is left out.
      const low = f64x2.gt(f64x2.add(cpuLow, memoryLow), nothing);
      const high = f64x2.gt(f64x2.add(cpuHigh, memoryHigh), nothing);
      score = v128.and(score, v128.shuffle<i32>(low, high, 0, 2, 4, 6));
    }
    add(four, score);
  }
}

/** 100 x (1 - |share of CPU - share of memory| / 2), not yet cut. */
@inline
function balance(
  cpuAsked: v128,
  memoryAsked: v128,
  cpuUsed: v128,
  cpu: v128,
  memoryUsed: v128,
  memory: v128,
  both: v128,
): v128 {
  const one = f64x2.splat(1);
  const cpuShare = f64x2.pmin(one, f64x2.div(f64x2.add(cpuUsed, cpuAsked), cpu));
  const memoryShare = f64x2.pmin(one, f64x2.div(f64x2.add(memoryUsed, memoryAsked), memory));
  const difference = v128.and(f64x2.abs(f64x2.sub(cpuShare, memoryShare)), both);
  const half = f64x2.mul(difference, f64x2.splat(0.5));
  return f64x2.mul(f64x2.sub(one, half), f64x2.splat(100));
}

/** Sets one vector of a leaf, and raises the maxima above as far as they change. */
function put<T>(at: usize, slot: i32, leaf: v128): void {
  const bits = ROW_BITS + cellBits;
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
  const bits = ROW_BITS + alignof<T>();
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
