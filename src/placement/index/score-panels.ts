/**
 * The scores of all slots for 32 requests at a time (a panel), by WebAssembly. For one policy whose score is a formula
 * that the kernel knows, or the same for all requests.
 *
 * Cost       of a question: one call per host that changed since its panel was asked last, however many of the 32 are
 *            in use, and 16 steps a level of a tree. A panel nobody asks for costs nothing.
 * Twin       ScoreRows gives the same hosts. It is asked instead for ever once the scores have no code of 32 bits, or memory
 *            is used up.
 */

import { Admission } from './admission.ts';
import { CLASS, CPU_ALL, CPU_FREE, MEMORY_ALL, MEMORY_FREE, RECORD } from './host-slots.ts';
import { KERNEL_FORMULA, LANES, LEAVES_AT, growTo } from '../wasm/panel-kernel.ts';
import { NO_SLOT, SlotReader } from './slot-reader.ts';
import { ScoreCode, ScoreRange } from './score-code.ts';
import { cpuCountedMilli, memoryCountedBytes } from '../policies/kubernetes-resources.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostClasses } from './host-classes.ts';
import type { HostSlots } from './host-slots.ts';
import type { KnownRequest, RequestTable } from './request-table.ts';
import type { PanelKernel } from '../wasm/panel-kernel.ts';
import type { Ranking } from './ranking.ts';
import type { ResourceFormula, ScorePolicy } from '../policy.ts';

const NEVER = -1;

/** Codes of one request: that of a slot stands at `first + slot * LANES`. */
export interface Cells {
  readonly bytes: Uint8Array;
  readonly first: number;
}

interface Panel {
  readonly number: number;
  /** By lane. */
  readonly requests: (KnownRequest | undefined)[];
  readonly admission: Admission;
  readonly reader: SlotReader;
}

export class ScorePanels implements Ranking<KnownRequest> {
  private readonly view: ClusterView;
  private readonly policy: ScorePolicy;
  private readonly slots: HostSlots;
  private readonly classes: HostClasses;
  private readonly requests: Pick<RequestTable, 'at'>;
  private readonly kernel: PanelKernel;
  private readonly twin: Ranking<KnownRequest>;
  private readonly formula: number;
  private readonly range = new ScoreRange();
  /** Of scores that are given to the kernel. */
  private code: ScoreCode | undefined;
  private panels: Panel[] = [];
  private generation = NEVER;
  private hasGivenUp = false;
  private asked!: KnownRequest;
  private firstSlot = NEVER;
  /** All the memory of the kernel, which moves when it grows. */
  private bytes = new Uint8Array(0);

  constructor(
    view: ClusterView,
    policy: ScorePolicy,
    slots: HostSlots,
    classes: HostClasses,
    requests: Pick<RequestTable, 'at'>,
    kernel: PanelKernel,
    twin: Ranking<KnownRequest>,
  ) {
    this.view = view;
    this.policy = policy;
    this.slots = slots;
    this.classes = classes;
    this.requests = requests;
    this.kernel = kernel;
    this.twin = twin;
    this.formula = formulaOf(policy.formula);
  }

  rank(request: KnownRequest): boolean | undefined {
    this.asked = request;
    if (this.hasGivenUp || !this.refresh(request)) {
      this.hasGivenUp = true;
      return this.twin.rank(request);
    }
    this.firstSlot = this.kernel.first(panelOf(request), laneOf(request));
    return this.firstSlot >= 0;
  }

  firstBest(from: number): number {
    if (this.hasGivenUp) return this.twin.firstBest(from);
    if (from <= this.firstSlot) return this.firstSlot;
    const code = this.codeAt(this.firstSlot);
    return this.kernel.firstFrom(panelOf(this.asked), laneOf(this.asked), code, from);
  }

  isBest(slot: number): boolean {
    if (this.hasGivenUp) return this.twin.isBest(slot);
    return this.codeAt(slot) === this.codeAt(this.firstSlot);
  }

  /** The codes of a request as the log stands, for whoever looks at many; undefined when there are none of one byte. */
  cellsOf(request: KnownRequest): Cells | undefined {
    if (this.formula === KERNEL_FORMULA.given || this.hasGivenUp) return undefined;
    if (!this.refresh(request)) {
      this.hasGivenUp = true;
      return undefined;
    }
    const first = this.kernel.bytesOf(panelOf(request)) + LEAVES_AT + laneOf(request);
    const { buffer } = this.kernel.memory;
    if (this.bytes.buffer !== buffer) this.bytes = new Uint8Array(buffer);
    return { bytes: this.bytes, first };
  }

  private codeAt(slot: number): number {
    return this.kernel.codeAt(panelOf(this.asked), laneOf(this.asked), slot);
  }

  /** Brings the panel of the request up to date; false when that cannot be done. */
  private refresh(request: KnownRequest): boolean {
    const { slots } = this;
    if (this.generation !== slots.generation && !this.lay()) return false;
    const panel = this.panels[panelOf(request)] ?? this.addPanel(panelOf(request));
    if (panel === undefined) return false;
    if (panel.requests[laneOf(request)] !== request) this.setRequests(panel);
    if (panel.reader.canCatchUp ? this.catchUp(panel) : this.make(panel)) return true;
    // A score lay outside the code.
    return this.lay() && this.refresh(request);
  }

  /** Begins anew with no panel; false when the scores have no code of 32 bits. */
  private lay(): boolean {
    const { slots, view, policy, range } = this;
    this.panels = [];
    this.generation = slots.generation;
    if (this.formula !== KERNEL_FORMULA.given) {
      this.kernel.lay(slots.rows.length, 0, this.formula);
      return true;
    }
    for (let slot = 0; slot < slots.count; slot++) {
      range.add(policy.score(slots.rows[slot]!, ANY_REQUEST, view));
    }
    this.code = ScoreCode.of([range]);
    const bytes = this.code?.storage.BYTES_PER_ELEMENT ?? 8;
    if (bytes > 4) return false;
    this.kernel.lay(slots.rows.length, bytes >> 1, this.formula);
    return true;
  }

  private addPanel(number: number): Panel | undefined {
    for (let next = this.panels.length; next <= number; next++) {
      if (!growTo(this.kernel, next + 1)) return undefined;
      const admission = new Admission(this.view, this.classes);
      const reader = new SlotReader(this.slots);
      this.panels.push({ number: next, requests: [], admission, reader });
    }
    return this.panels[number];
  }

  /** Gives the lanes to those who have the numbers now, all at once, since the scores are made anew for all. */
  private setRequests(panel: Panel): void {
    for (let lane = 0; lane < LANES; lane++) {
      const request = this.requests.at(panel.number * LANES + lane);
      if (request !== undefined && request !== panel.requests[lane]) {
        this.setRequest(panel, lane, request);
      }
    }
    panel.reader.forget();
  }

  private setRequest(panel: Panel, lane: number, request: KnownRequest): void {
    const { specs } = this.view;
    const cpuTicks = specs.cpuTicks[request.spec]!;
    const memoryBytes = specs.memoryBytes[request.spec]!;
    panel.requests[lane] = request;
    panel.admission.set(lane, request);
    this.kernel.setRequest(
      panel.number,
      lane,
      cpuTicks,
      memoryBytes,
      cpuCountedMilli(cpuTicks),
      memoryCountedBytes(memoryBytes),
    );
  }

  /** Scores every slot; false when a score has no code. */
  private make(panel: Panel): boolean {
    this.kernel.clear(panel.number);
    for (let slot = 0; slot < this.slots.count; slot++) {
      if (!this.update(panel, slot)) return false;
    }
    panel.reader.skipAll();
    return true;
  }

  /** Scores what has changed; false when a score has no code. */
  private catchUp(panel: Panel): boolean {
    const { reader } = panel;
    for (let slot = reader.next(); slot !== NO_SLOT; slot = reader.next()) {
      if (!this.update(panel, slot)) return false;
    }
    return true;
  }

  private update(panel: Panel, slot: number): boolean {
    const { records, rows } = this.slots;
    const { admission, number } = panel;
    const at = slot * RECORD;
    const host = rows[slot]!;
    const admitted = admission.withDevices(admission.ofClass(records[at + CLASS]!), host);
    const code = this.code === undefined ? 0 : this.codeOf(this.code, host);
    if (Number.isNaN(code)) return false;
    this.kernel.update(
      number,
      slot,
      records[at + CPU_FREE]!,
      records[at + MEMORY_FREE]!,
      records[at + CPU_ALL]!,
      records[at + MEMORY_ALL]!,
      admitted,
      code,
    );
    return true;
  }

  private codeOf(code: ScoreCode, host: number): number {
    return code.encodeOne(this.policy.score(host, ANY_REQUEST, this.view));
  }
}

/** For scores that do not read the request. */
const ANY_REQUEST = { spec: 0, workload: 0 };

function panelOf({ number }: KnownRequest): number {
  return Math.floor(number / LANES);
}

function laneOf({ number }: KnownRequest): number {
  return number % LANES;
}

function formulaOf(formula: ResourceFormula | undefined): number {
  if (formula === undefined) return KERNEL_FORMULA.given;
  const allocated = { ...KERNEL_FORMULA, none: 0 }[formula.allocated];
  const balanced = { '1.36': KERNEL_FORMULA.balanced, '1.35': KERNEL_FORMULA.balanced135, none: 0 };
  return allocated | balanced[formula.balanced];
}
