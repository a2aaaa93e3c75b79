/**
 * The WebAssembly that scores 32 requests at once (panel-kernel.as). Each kernel has a memory of its own, which goes with it.
 *
 * There is none where the engine has no WebAssembly or no SIMD, or no memory left: callers then score one by one.
 */

import { PANEL_KERNEL_BASE64 } from './panel-kernel-code.ts';

/** Requests of a panel; each has a lane. */
export const LANES = 32;

/** Bytes of a panel before its leaves: what the requests ask for, five numbers each. The leaves of a slot lie side by side. */
export const LEAVES_AT = LANES * 5 * 8;

/** Which scores the kernel computes itself; `given` leaves them to the caller. `allocated` and `balanced` kinds add up. */
export const KERNEL_FORMULA = { given: 0, least: 1, most: 2, balanced: 4, balanced135: 8 } as const;

const PAGE_BYTES = 65_536;

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Panels, lanes and slots count from 0; a code of 0 means "no room". */
export interface PanelKernel {
  readonly memory: Memory;
  /** Forgets all panels, and sets slots a panel, bytes of a code as a power of two, and the formula of the next. */
  lay(slots: number, codeBytesLog2: number, formula: number): void;
  /** Bytes of memory that so many panels take. */
  bytesOf(panels: number): number;
  /** Nobody has room for any request of the panel. */
  clear(panel: number): void;
  setRequest(
    panel: number,
    lane: number,
    cpuTicks: number,
    memoryBytes: number,
    cpuCountedMilli: number,
    memoryCountedBytes: number,
  ): void;
  /** Scores one host for the lanes whose bits are set in `admitted`; `given` is the code when no formula is set. */
  update(
    panel: number,
    slot: number,
    cpuFreeTicks: number,
    memoryFreeBytes: number,
    cpuAllTicks: number,
    memoryAllBytes: number,
    admitted: number,
    given: number,
  ): void;
  /** The first slot with the highest code, or -1. */
  first(panel: number, lane: number): number;
  /** The first slot, not before `from`, with the highest code, which is `code`; or -1. */
  firstFrom(panel: number, lane: number, code: number, from: number): number;
  codeAt(panel: number, lane: number, slot: number): number;
}

type Module = object;

/** As much of the language's interface as is used here: its own types come with those of the browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => Module;
  readonly Instance: new (module: Module) => { readonly exports: unknown };
};

/** Compiled when first asked for; null when it cannot be. */
let compiled: Module | null | undefined;

/** A new kernel, or undefined when there can be none. */
export function newPanelKernel(): PanelKernel | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    compiled ??= new WebAssembly.Module(bytesOf(PANEL_KERNEL_BASE64));
    return new WebAssembly.Instance(compiled).exports as PanelKernel;
  } catch {
    return undefined;
  }
}

/** Makes the memory large enough for so many panels; false when there is no more. */
export function growTo(kernel: PanelKernel, panels: number): boolean {
  const missing = kernel.bytesOf(panels) - kernel.memory.buffer.byteLength;
  if (missing <= 0) return true;
  try {
    kernel.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return true;
  } catch {
    return false;
  }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
