/** The nodes of the moment of a pass: made once when first asked for, and used by all of its simulated schedulings. */

import { isQuiet } from './candidate.ts';
import type { Provisioner } from '../provisioner.ts';
import type { StandingNodes } from '../standing-nodes.ts';

export class PassNodes {
  private readonly provisioner: Provisioner;
  private readonly nowUs: number;
  private consolidation: StandingNodes | undefined;
  private drift: StandingNodes | undefined;

  constructor(provisioner: Provisioner, nowUs: number) {
    this.provisioner = provisioner;
    this.nowUs = nowUs;
  }

  /** Nodes inside consolidateAfter take no pod that moves only to let its node go (aws.md 1.20). */
  get forConsolidation(): StandingNodes {
    const { provisioner, nowUs } = this;
    return (this.consolidation ??= provisioner.standing((host) => {
      const config = provisioner.configOf(host);
      return config !== undefined && !isQuiet(provisioner.view, host, config, nowUs);
    }));
  }

  get forDrift(): StandingNodes {
    return (this.drift ??= this.provisioner.standing());
  }
}
