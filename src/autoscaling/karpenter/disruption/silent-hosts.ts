/** Since when nodes of NodePools do not answer, for repair: seen at every pass, so up to 10 s late. */

import { HOST_STATE } from '../../../cluster/hosts.ts';
import type { Provisioner } from '../provisioner.ts';

export class SilentHosts {
  readonly sinceUs = new Map<number, number>();
  private readonly provisioner: Provisioner;
  private readonly isOn: boolean;

  constructor(provisioner: Provisioner, isOn: boolean) {
    this.provisioner = provisioner;
    this.isOn = isOn;
  }

  look(nowUs: number): void {
    if (!this.isOn) return;
    const { hosts } = this.provisioner.view;
    for (const host of this.provisioner.hostsUpTo(HOST_STATE.ready)) {
      if (hosts.down[host] === 0) this.sinceUs.delete(host);
      else if (!this.sinceUs.has(host)) this.sinceUs.set(host, nowUs);
    }
    for (const host of this.sinceUs.keys()) {
      if (hosts.state[host]! > HOST_STATE.ready) this.sinceUs.delete(host);
    }
  }

  save(): (readonly [number, number])[] {
    return [...this.sinceUs];
  }

  restore(state: readonly (readonly [number, number])[]): void {
    this.sinceUs.clear();
    for (const [host, sinceUs] of state) this.sinceUs.set(host, sinceUs);
  }
}
