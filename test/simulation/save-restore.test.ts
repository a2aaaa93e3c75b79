/** A run that is stopped, copied and taken up by a fresh assembly ends as if nobody had stopped it. */

import { describe, expect, it } from 'vitest';
import { NO_INPUTS, runVariant } from '../support/run-scenario.ts';
import { CROWDED, SEVEN } from '../support/seven-variants.ts';
import { KEPT_PODS } from '../support/kept-pod-variants.ts';
import { SCALED } from '../support/scaled-variants.ts';
import { CUT_OFF } from '../support/cut-off-variants.ts';
import { FAILING } from '../support/failing-variants.ts';
import { SCARCE } from '../support/supply-variants.ts';
import { VOLUMES } from '../support/volume-variants.ts';
import { Streams } from '../../src/random/streams.ts';
import { assemble } from '../../src/scenario/assemble.ts';
import { resultOf } from '../../src/experiment/run-cell.ts';
import type { Assembly } from '../../src/scenario/assemble.ts';
import type { ResolvedVariant } from '../../src/scenario/experiment.ts';

const SEED = 42;
const RESTORES = 20;

function fresh(variant: ResolvedVariant): Assembly {
  return assemble(variant, SEED, NO_INPUTS, { recordDecisions: true, ownPolicies: [] });
}

/** Steps at which to stop, in ascending order. */
function randomSteps(stepCount: number, name: string): number[] {
  const stream = new Streams('save-restore').open(name);
  const steps = Array.from({ length: RESTORES }, () => Math.floor(stream.next() * stepCount));
  return steps.sort((a, b) => a - b);
}

const VARIANTS = [SEVEN, CROWDED, FAILING, CUT_OFF, SCALED, SCARCE, VOLUMES, KEPT_PODS].flatMap(
  ({ variants }) => variants,
);

describe.each(VARIANTS.map((variant) => [variant.name, variant] as const))(
  '%s',
  (name, variant) => {
    const whole = runVariant(variant, SEED, true);

    it(`gives the same tables after ${RESTORES} saves and restores at random steps`, () => {
      let assembly = fresh(variant);
      assembly.simulation.begin();
      for (const step of randomSteps(whole.stepCount, name)) {
        while (assembly.simulation.kernel.stepCount < step) assembly.simulation.step();
        // structuredClone refuses functions and strips classes: what passes is flat data.
        const saved = structuredClone(assembly.simulation.save());
        assembly = fresh(variant);
        assembly.simulation.restore(saved);
      }
      const again = resultOf(assembly, variant, SEED, assembly.simulation.run());
      expect(again.summary).toEqual(whole.summary);
      expect(again.decisions).toEqual(whole.decisions);
      // A parameter that only the first part of the run read is not in the list of the second.
      const assumptionsUsed = again.assumptionsUsed;
      expect({ ...again, hosts: [...again.hosts] }).toEqual({ ...whole, assumptionsUsed });
    });
  },
);
