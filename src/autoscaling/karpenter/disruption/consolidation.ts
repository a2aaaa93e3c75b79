/**
 * Would the cluster be cheaper without these nodes?
 *
 * Question   plan their pods with the nodes gone. A pod that finds no place, or only one on a node that is not ready, or
 *            more than one new node: no.
 * Delete     no new node is needed.
 * Replace    one is: by types whose worst launch price is strictly below what the nodes cost together, as long as minValues
 *            hold. A replacement that could be spot or on-demand is pinned to spot, so that a failed launch does not become a
 *            dearer node.
 * Spot       nodes that give way to a spot node only where the gate is open; one alone only to one of at least 15 cheaper
 *            types, and then to the 15 cheapest (or as many as minValues need): whichever comes is among the cheapest, and is
 *            not replaced again at once.
 * Worst      price of a type: the dearest of its spot offerings, or of its on-demand ones when it has no spot.
 * Source     aws.md 1.12, 1.19, 1.20.
 */

import { CAPACITY_TYPE, NO_ROW } from '../../../cluster/hosts.ts';
import { CAPACITY_TYPE_LABEL } from '../well-known-labels.ts';
import { Requirement } from '../requirement.ts';
import { Requirements } from '../requirements.ts';
import { addBit, bitsOf, noBits } from '../bit-set.ts';
import { hasCompatibleOffering, worstPrice } from '../instance-types.ts';
import { isProtected, isStuck } from '../pod-protection.ts';
import { keepsMinValues } from '../claim.ts';
import { podOf } from '../pod.ts';
import type { Candidate } from './candidate.ts';
import type { Claim } from '../claim.ts';
import type { CandidateType } from '../instance-types.ts';
import type { LaunchableClaim } from '../launch-choice.ts';
import type { Pass } from './method.ts';
import type { Plan } from '../solver.ts';

/** Cheaper types that a spot node needs to give way to another. */
const SPOT_TYPES_MIN = 15;

/** `replacement` undefined: the nodes may simply go. */
export interface Consolidation {
  readonly replacement: LaunchableClaim | undefined;
  /** The replacement has to be a spot node. */
  readonly isSpotOnly: boolean;
  /** Nodes that take the pods. */
  readonly nominated: readonly number[];
}

/** Undefined: leave the nodes as they are. */
export function consolidate(
  pass: Pass,
  candidates: readonly Candidate[],
): Consolidation | undefined {
  const plan = simulate(pass, candidates, true);
  if (plan === undefined || plan.claims.length > 1) return undefined;
  const nominated = plan.placements.map(({ host }) => host);
  const [claim] = plan.claims;
  if (claim === undefined) return { replacement: undefined, isSpotOnly: false, nominated };
  const replacement = replacementBy(pass, candidates, claim);
  return replacement === undefined ? undefined : { ...replacement, nominated };
}

/**
 * Where the pods would go without these nodes; undefined when one that runs now would have no place. For consolidation, nodes
 * inside consolidateAfter take none of them.
 */
export function simulate(
  { provisioner, podsToPlace, leaving, nowUs, clock, settings, nodes }: Pass,
  candidates: readonly Candidate[],
  isConsolidation: boolean,
): Plan | undefined {
  const { view } = provisioner;
  clock.tick();
  const moved = candidates.flatMap(({ pods }) =>
    pods
      .filter((task) => !isProtected(view, task, nowUs))
      .filter((task) => !isStuck(view, task, settings.podBudgets))
      .map((task) => podOf(view, task, true)),
  );
  const gone = new Set([...leaving, ...candidates.map(({ host }) => host)]);
  const standing = isConsolidation ? nodes.forConsolidation : nodes.forDrift;
  const plan = provisioner.plan([...podsToPlace, ...moved], gone, standing);
  if (plan.unplaced.some(({ leaves }) => leaves !== NO_ROW)) return undefined;
  const toUnready = plan.placements.some(
    ({ pod, host }) => pod.isMoved && !provisioner.isReady(host),
  );
  return toUnready ? undefined : plan;
}

/** Those types that surely cost less than `priceNanoUsdPerHour`; none where that leaves too few values of some key. */
export function cheaperThan(
  priceNanoUsdPerHour: number,
  types: readonly CandidateType[],
  requirements: Requirements,
): readonly CandidateType[] {
  const cheaper = types.filter((type) => worstPrice(type, requirements) < priceNanoUsdPerHour);
  return keepsMinValues(cheaper, requirements) ? cheaper : [];
}

/** The replacement as a spot node: what a command of it may still become. */
export function asSpot(claim: LaunchableClaim): LaunchableClaim {
  const requirements = claim.requirements.and(
    Requirements.of([Requirement.is(CAPACITY_TYPE_LABEL, 'spot')]),
  );
  const types = claim.types.filter((type) => hasCompatibleOffering(type, requirements));
  return { ...claim, requirements, types };
}

/** The same of a claim that was just planned, without a look at each offering. */
function cheaperOf(claim: Claim, priceNanoUsdPerHour: number): readonly CandidateType[] {
  const { requirements, typeSetNow } = claim;
  const { table } = claim.template;
  const { worst } = table.pricesAs(requirements);
  const cheaper = noBits(table.types.length);
  for (const at of bitsOf(typeSetNow)) if (worst[at]! < priceNanoUsdPerHour) addBit(cheaper, at);
  const types = table.byPrice(cheaper, requirements);
  return keepsMinValues(types, requirements) ? types : [];
}

function replacementBy(
  { provisioner, settings }: Pass,
  candidates: readonly Candidate[],
  claim: Claim,
): Pick<Consolidation, 'replacement' | 'isSpotOnly'> | undefined {
  const { hosts } = provisioner.view;
  const areSpot = candidates.every(({ host }) => hosts.capacityType[host] === CAPACITY_TYPE.spot);
  const allowsSpot = claim.requirements.allows(CAPACITY_TYPE_LABEL, 'spot');
  const price = candidates.reduce((sum, one) => sum + one.priceNanoUsdPerHour, 0);
  if (areSpot && allowsSpot) {
    if (!settings.spotToSpot) return undefined;
    return spotForSpot(asSpot(claim), price, candidates.length === 1);
  }
  const { template, requirements } = claim;
  const types = cheaperOf(claim, price);
  if (types.length === 0) return undefined;
  const cheaper = { template, requirements, types };
  const spot = asSpot(cheaper);
  const isSpotOnly =
    allowsSpot &&
    requirements.allows(CAPACITY_TYPE_LABEL, 'on-demand') &&
    // Where no spot price is known, there is no spot to fall back from.
    spot.types.length > 0;
  return { replacement: isSpotOnly ? spot : cheaper, isSpotOnly };
}

function spotForSpot(
  claim: LaunchableClaim,
  priceNanoUsdPerHour: number,
  isAlone: boolean,
): Pick<Consolidation, 'replacement' | 'isSpotOnly'> | undefined {
  const types = cheaperThan(priceNanoUsdPerHour, claim.types, claim.requirements);
  if (types.length < (isAlone ? SPOT_TYPES_MIN : 1)) return undefined;
  let kept = isAlone ? SPOT_TYPES_MIN : types.length;
  while (!keepsMinValues(types.slice(0, kept), claim.requirements)) kept++;
  return { replacement: { ...claim, types: types.slice(0, kept) }, isSpotOnly: true };
}
