/** Does one request have room on the hosts of an index? `isFeasible`, with what does not change looked up once. */

import { CLASS, CPU_FREE, MEMORY_FREE } from './host-slots.ts';
import { gpuDevicesFor } from '../../cluster/fit.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostClasses } from './host-classes.ts';
import type { PlacementRequest } from '../policy.ts';

const NOT_ASKED = 0;
const REFUSED = 1;
const ADMITTED = 2;

export class Room {
  private readonly view: ClusterView;
  private readonly classes: HostClasses;
  private readonly request: PlacementRequest;
  private readonly cpuTicks: number;
  private readonly memoryBytes: number;
  private readonly needsGpu: boolean;
  private answers = new Uint8Array(8);

  constructor(view: ClusterView, classes: HostClasses, request: PlacementRequest) {
    this.view = view;
    this.classes = classes;
    this.request = request;
    this.cpuTicks = view.specs.cpuTicks[request.spec]!;
    this.memoryBytes = view.specs.memoryBytes[request.spec]!;
    this.needsGpu = view.specs.gpuCount[request.spec]! > 0;
  }

  /** Has the host room whose record starts at `at`? */
  has(host: number, records: Float64Array, at: number): boolean {
    return (
      this.cpuTicks <= records[at + CPU_FREE]! &&
      this.memoryBytes <= records[at + MEMORY_FREE]! &&
      this.admits(records[at + CLASS]!) &&
      (!this.needsGpu || this.hasDevices(host))
    );
  }

  private hasDevices(host: number): boolean {
    const { hosts, specs } = this.view;
    return hosts.gpuCount[host]! > 0 && gpuDevicesFor(specs, this.request.spec, hosts, host) !== 0;
  }

  private admits(hostClass: number): boolean {
    const answer = this.answers[hostClass];
    return answer === ADMITTED || (answer !== REFUSED && this.ask(hostClass));
  }

  private ask(hostClass: number): boolean {
    if (hostClass >= this.answers.length) {
      const larger = new Uint8Array(hostClass * 2).fill(NOT_ASKED);
      larger.set(this.answers);
      this.answers = larger;
    }
    const admitted = this.classes.admits(hostClass, this.request);
    this.answers[hostClass] = admitted ? ADMITTED : REFUSED;
    return admitted;
  }
}
