/**
 * Would the cluster be cheaper without these nodes?
 *
 * Question   plan their pods with the nodes gone. A pod that finds no place, or only one on a node that is not ready, or
 *            more than one new node: no.
 * Delete     no new node is needed.
 * Replace    one is: by types whose worst launch price is strictly below what the nodes cost together. A replacement that
 *            could be spot or on-demand is pinned to spot, so that a failed launch does not become a dearer node.
 * Worst      price of a type: the dearest of its spot offerings, or of its on-demand ones when it has no spot.
 * Left out   spot-to-spot (off by default); policy Balanced.
 * Source     aws.md 1.12, 1.19, 1.20.
 */

import { CAPACITY_TYPE, NO_ROW } from '../../../cluster/hosts.ts';
import { CAPACITY_TYPE_LABEL } from '../well-known-labels.ts';
import { Requirement } from '../requirement.ts';
import { Requirements } from '../requirements.ts';
import { compatibleOfferings, hasCompatibleOffering } from '../instance-types.ts';
import { isQuiet } from './candidate.ts';
import { podOf } from '../pod.ts';
import type { Candidate } from './candidate.ts';
import type { CandidateType } from '../instance-types.ts';
import type { LaunchableClaim } from '../launch-choice.ts';
import type { Pass } from './method.ts';

/** `replacement` undefined: the nodes may simply go. */
export interface Consolidation {
  readonly replacement: LaunchableClaim | undefined;
}

/** Undefined: leave the nodes as they are. */
export function consolidate(
  pass: Pass,
  candidates: readonly Candidate[],
): Consolidation | undefined {
  const { provisioner, podsToPlace, leaving, nowUs } = pass;
  const { view } = provisioner;
  const moved = candidates.flatMap(({ pods }) => pods.map((task) => podOf(view, task, true)));
  const gone = new Set([...leaving, ...candidates.map(({ host }) => host)]);
  const plan = provisioner.plan([...podsToPlace, ...moved], gone, (host) => {
    const config = provisioner.configOf(host);
    return config !== undefined && !isQuiet(view, host, config, nowUs);
  });
  if (plan.unplaced.some(({ leaves }) => leaves !== NO_ROW)) return undefined;
  const toUnready = plan.placements.some(
    ({ pod, host }) => pod.isMoved && !provisioner.isReady(host),
  );
  if (toUnready || plan.claims.length > 1) return undefined;
  const [claim] = plan.claims;
  if (claim === undefined) return { replacement: undefined };
  return replacementBy(pass, candidates, claim);
}

/** Of types in order of their cheapest offering, those that surely cost less than `priceNanoUsdPerHour`. */
export function cheaperThan(
  priceNanoUsdPerHour: number,
  types: readonly CandidateType[],
  requirements: Requirements,
): CandidateType[] {
  const cheaper: CandidateType[] = [];
  for (const type of types) {
    if (type.offerings[0]!.priceNanoUsdPerHour >= priceNanoUsdPerHour) break;
    if (worstLaunchPrice(type, requirements) < priceNanoUsdPerHour) cheaper.push(type);
  }
  return cheaper;
}

function worstLaunchPrice(type: CandidateType, requirements: Requirements): number {
  const offerings = compatibleOfferings(type, requirements);
  const spot = offerings.filter((offering) => offering.spot);
  return (spot.length > 0 ? spot : offerings).reduce(
    (worst, offering) => Math.max(worst, offering.priceNanoUsdPerHour),
    0,
  );
}

function replacementBy(
  { provisioner }: Pass,
  candidates: readonly Candidate[],
  claim: LaunchableClaim,
): Consolidation | undefined {
  const { hosts } = provisioner.view;
  const areSpot = candidates.every(({ host }) => hosts.capacityType[host] === CAPACITY_TYPE.spot);
  const allowsSpot = claim.requirements.allows(CAPACITY_TYPE_LABEL, 'spot');
  if (areSpot && allowsSpot) return undefined;
  const price = candidates.reduce((sum, one) => sum + one.priceNanoUsdPerHour, 0);
  const { template } = claim;
  let { requirements } = claim;
  let types = cheaperThan(price, claim.types, requirements);
  if (allowsSpot && requirements.allows(CAPACITY_TYPE_LABEL, 'on-demand')) {
    const spot = requirements.and(Requirements.of([Requirement.is(CAPACITY_TYPE_LABEL, 'spot')]));
    const sold = types.filter((type) => hasCompatibleOffering(type, spot));
    // Where no spot price is known, there is no spot to fall back from.
    if (sold.length > 0) [requirements, types] = [spot, sold];
  }
  return types.length === 0 ? undefined : { replacement: { template, requirements, types } };
}
