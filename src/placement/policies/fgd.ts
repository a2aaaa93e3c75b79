/**
 * Fragmentation gradient descent: the host, and the GPU on it, where the task adds the least fragmentation.
 *
 *     score(h) = int(100 * sigmoid((F(h) - F(h with the task)) / 1000)),   sigmoid(x) = 1 / (1 + exp(-x))
 *
 * F          see fragmentation.ts. It needs the typical tasks of the workload: `prepare`. Without any, every host scores 50.
 * Devices    a share of a GPU is tried on every device with room; the best score wins, then the lowest number. Whole
 *            devices: the lowest numbers. `devices` gives the choice.
 * Units      milli-GPU in, integers 0 to 100 out; 50 means no change.
 * Ties       the next policy of the list, then the tie rule. The study takes the first of a permuted host order, and its
 *            result hangs on that (published-results 2.1): `fgd[tieBreak=permuted]`.
 * Cost       O(1) for a host that has not changed since it was asked for an equal demand: scores are remembered by everything
 *            they depend on. Else O(typical tasks x devices x distinct free devices).
 * Source     as fragmentation.ts; hkust-adsl/kubernetes-scheduler-simulator, `fgd_score.go`.
 */

import exp from '@stdlib/math-base-special-exp';
import { Fragmentation } from './fragmentation.ts';
import { GPUS_PER_HOST_MAX } from '../../cluster/hosts.ts';
import { MILLI_PER_GPU } from '../../base/units.ts';
import { gpuDevicesFor } from '../../cluster/fit.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { DeviceChoice } from './device-choice.ts';
import type { HostKind } from '../../cluster/specs.ts';
import type { PlacementRequest, PolicyKind } from '../policy.ts';
import type { PreparedPolicy, WorkloadMix } from './workload-mix.ts';

const SCORE_MAX = 100;
/** A score and a mask of devices in one number: score * MASK_SPAN + mask. */
const MASK_SPAN = 1 << GPUS_PER_HOST_MAX;

/** One host as it was last seen, and what was found out about it. */
interface Snapshot {
  kind: HostKind;
  cpuFree: number;
  readonly gpuFree: Int32Array;
  /** F as it stands, times the weight of the typical tasks. */
  fragmented: number;
  /** Score and devices by demand. */
  readonly answers: Map<number, number>;
}

class FragmentationGradient implements PreparedPolicy, DeviceChoice {
  private fragmentation = new Fragmentation([]);
  private snapshots: Snapshot[] = [];
  private readonly scratch = new Int32Array(GPUS_PER_HOST_MAX);

  prepare(mix: WorkloadMix): void {
    this.fragmentation = new Fragmentation(mix);
    this.snapshots = [];
  }

  score(host: number, request: PlacementRequest, view: ClusterView): number {
    return Math.floor(this.answer(host, request.spec, view) / MASK_SPAN);
  }

  devices(host: number, request: PlacementRequest, view: ClusterView): number {
    return this.answer(host, request.spec, view) % MASK_SPAN;
  }

  private answer(host: number, spec: number, view: ClusterView): number {
    const { cpuTicks, gpuCount, gpuMilli } = view.specs;
    const snapshot = this.snapshotOf(host, view);
    // A whole number below 2^53 for demands of up to four million cores.
    const demand =
      (cpuTicks[spec]! * (GPUS_PER_HOST_MAX + 1) + gpuCount[spec]!) * (MILLI_PER_GPU + 1) +
      gpuMilli[spec]!;
    let answer = snapshot.answers.get(demand);
    if (answer === undefined) {
      answer = this.best(snapshot, host, spec, view);
      snapshot.answers.set(demand, answer);
    }
    return answer;
  }

  /** What is known of the host as it stands now; nothing once any of its columns has changed. */
  private snapshotOf(host: number, { hosts, specs }: ClusterView): Snapshot {
    const kind = specs.kindAt(hosts.kind[host]!);
    const cpuFree = hosts.cpuFree[host]!;
    const base = host * GPUS_PER_HOST_MAX;
    const known = this.snapshots[host];
    if (known?.kind === kind && known.cpuFree === cpuFree) {
      let device = 0;
      while (known.gpuFree[device] === hosts.gpuFree[base + device]) {
        if (++device === GPUS_PER_HOST_MAX) return known;
      }
    }
    const fresh = known ?? {
      kind,
      cpuFree,
      gpuFree: new Int32Array(GPUS_PER_HOST_MAX),
      fragmented: 0,
      answers: new Map<number, number>(),
    };
    fresh.kind = kind;
    fresh.cpuFree = cpuFree;
    for (let device = 0; device < GPUS_PER_HOST_MAX; device++) {
      fresh.gpuFree[device] = hosts.gpuFree[base + device]!;
    }
    fresh.fragmented = this.fragmentation.weighted(kind, cpuFree, fresh.gpuFree, GPUS_PER_HOST_MAX);
    fresh.answers.clear();
    return (this.snapshots[host] = fresh);
  }

  private best(snapshot: Snapshot, host: number, spec: number, view: ClusterView): number {
    const { specs, hosts } = view;
    const milli = specs.gpuMilli[spec]!;
    const isShare = specs.gpuCount[spec] === 1 && milli < MILLI_PER_GPU;
    if (!isShare) {
      const mask = specs.gpuCount[spec] === 0 ? 0 : gpuDevicesFor(specs, spec, hosts, host);
      return this.scoreWith(snapshot, spec, mask, view) * MASK_SPAN + mask;
    }
    const { gpuFree } = snapshot;
    let best = 0;
    let bestScore = -1;
    for (let device = 0; device < GPUS_PER_HOST_MAX; device++) {
      const free = gpuFree[device]!;
      // Equal devices score the same, and the first of them wins.
      if (free === 0 || free < milli || gpuFree.indexOf(free) < device) continue;
      const score = this.scoreWith(snapshot, spec, 1 << device, view);
      if (score <= bestScore) continue;
      bestScore = score;
      best = score * MASK_SPAN + (1 << device);
    }
    return best;
  }

  /** The score of the host when the task takes the devices of `mask`. */
  private scoreWith(
    snapshot: Snapshot,
    spec: number,
    mask: number,
    { specs }: ClusterView,
  ): number {
    const { scratch, fragmentation } = this;
    if (fragmentation.weight === 0) return SCORE_MAX / 2;
    scratch.set(snapshot.gpuFree);
    for (let rest = mask; rest !== 0; rest &= rest - 1) {
      scratch[31 - Math.clz32(rest & -rest)]! -= specs.gpuMilli[spec]!;
    }
    const cpuFree = snapshot.cpuFree - specs.cpuTicks[spec]!;
    const after = fragmentation.weighted(snapshot.kind, cpuFree, scratch, GPUS_PER_HOST_MAX);
    const gradient = (snapshot.fragmented - after) / fragmentation.weight / MILLI_PER_GPU;
    return Math.trunc(SCORE_MAX / (1 + exp(-gradient)));
  }
}

export const fgd: PolicyKind = {
  name: 'fgd',
  summary: 'the host and GPU where the task fragments the GPUs least for the typical tasks',
  parameters: {},
  create: () => {
    const gradient = new FragmentationGradient();
    return {
      hostLocal: true,
      prepare: (mix: WorkloadMix) => gradient.prepare(mix),
      score: (host, request, view) => gradient.score(host, request, view),
      devices: (host: number, request: PlacementRequest, view: ClusterView) =>
        gradient.devices(host, request, view),
    };
  },
};
