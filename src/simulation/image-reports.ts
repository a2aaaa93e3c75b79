/**
 * What kubelets report of the images that they hold: the scheduler knows no more (kubernetes.md 1.9 ImageLocality).
 *
 *     pull ends, image collected -> list of the kubelet, every 30 s -> status of the node, every 10 s -> the columns
 *
 * List       the kubelet looks at its runtime every 30 s (kubelet/images/image_gc_manager.go) and reports the 50 largest images
 *            (kubernetes.md 1.9, 2.3), of the size that the registry states: containerd says what it fetched.
 * Phases     each loop of each node has its own. The real status loop is stretched at random by up to 4 % besides.
 * Events     one for a node whose list has changed or will, in the background; none where nothing is pulled.
 * Silent     a machine that is down reports when it is back.
 */

import { EVENT } from './events.ts';
import { HOST_STATE, LAUNCH_TYPE } from '../cluster/hosts.ts';
import { NEVER, US_PER_SECOND } from '../base/units.ts';
import { PHASE } from './phases.ts';
import { loopPhaseUs } from '../random/loop-phase.ts';
import { tickAfter } from '../orchestration/kubernetes/node/pod-collector.ts';
import type { EventHandle } from '../kernel/calendar.ts';
import type { PullPath } from '../images/pull-path.ts';
import type { SimulationContext } from './context.ts';

const LIST_PERIOD_US = 30 * US_PER_SECOND;
const STATUS_PERIOD_US = 10 * US_PER_SECOND;
const IMAGES_MAX = 50;

/** The next report of a node. */
export interface ImageReport {
  readonly atUs: number;
  readonly event: EventHandle;
}

export class ImageReports {
  private readonly context: SimulationContext;
  /** By host. */
  private readonly reports = new Map<number, ImageReport>();

  constructor(context: SimulationContext) {
    this.context = context;
  }

  /** A host holds other images from `atUs` on. */
  changes(host: number, atUs: number): void {
    if (!this.isNode(host)) return;
    const listUs = tickAfter(atUs, LIST_PERIOD_US, this.listPhaseUs(host));
    const reportUs = tickAfter(listUs, STATUS_PERIOD_US, this.statusPhaseUs(host));
    const next = this.reports.get(host);
    if (next !== undefined && next.atUs <= reportUs) return;
    const { kernel } = this.context;
    if (next !== undefined) kernel.cancel(next.event);
    const event = kernel.scheduleBackground(reportUs, PHASE.cloudState, EVENT.imageReport, host);
    this.reports.set(host, { atUs: reportUs, event });
  }

  /** A task left a host: some image may be used by nobody now, and be collected. */
  released(host: number): void {
    if (this.isNode(host)) this.expect(host, this.context.kernel.nowUs);
  }

  /** The node reports. */
  due(host: number): void {
    this.reports.delete(host);
    const { setup, kernel, ledger } = this.context;
    const { nowUs } = kernel;
    const { hosts, images } = setup.cluster;
    if (!this.isNode(host) || hosts.state[host]! > HOST_STATE.draining) return;
    if (hosts.down[host] !== 0) {
      this.changes(host, nowUs);
      return;
    }
    const listUs = tickAfter(nowUs, LIST_PERIOD_US, this.listPhaseUs(host)) - LIST_PERIOD_US;
    const held = setup.images.heldAt(host, this.pathOf(host), listUs, nowUs);
    const rows = new Set(held.map((name) => images.find(name)!));
    ledger.reportImages(host, [...rows].slice(0, IMAGES_MAX), nowUs);
    this.expect(host, listUs);
  }

  save(): (readonly [number, ImageReport])[] {
    return [...this.reports];
  }

  restore(state: readonly (readonly [number, ImageReport])[]): void {
    this.reports.clear();
    for (const [host, report] of state) this.reports.set(host, report);
  }

  private expect(host: number, afterUs: number): void {
    const atUs = this.context.setup.images.nextChangeUs(host, this.pathOf(host), afterUs);
    if (atUs !== NEVER) this.changes(host, atUs);
  }

  private isNode(host: number): boolean {
    const { hosts, orchestrators } = this.context.setup.cluster;
    const isFargate = hosts.launchType[host] === LAUNCH_TYPE.fargate;
    return !isFargate && orchestrators[hosts.cluster[host]!] === 'kubernetes';
  }

  private pathOf(host: number): PullPath {
    const { pullPaths, cluster } = this.context.setup;
    return pullPaths[cluster.hosts.pool[host]!]!;
  }

  private listPhaseUs(host: number): number {
    return loopPhaseUs(this.context.setup.seed, 'image-list', host, LIST_PERIOD_US);
  }

  private statusPhaseUs(host: number): number {
    return loopPhaseUs(this.context.setup.seed, 'node-status', host, STATUS_PERIOD_US);
  }
}
