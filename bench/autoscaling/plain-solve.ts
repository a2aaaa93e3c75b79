/**
 * The dull twin of a solve: for every pod every claim, and of every claim every type with all its labels and offerings. Knows
 * sizes, selectors and taints, which is what its pods have; there are no nodes to fill.
 */

import { cheapestPrice } from '../../src/autoscaling/karpenter/instance-types.ts';
import { tolerates } from '../../src/cluster/specs.ts';
import { WELL_KNOWN_LABELS } from '../../src/autoscaling/karpenter/well-known-labels.ts';
import { Requirements } from '../../src/autoscaling/karpenter/requirements.ts';
import type { CandidateType } from '../../src/autoscaling/karpenter/instance-types.ts';
import type { Pod } from '../../src/autoscaling/karpenter/pod.ts';
import type { Template } from '../../src/autoscaling/karpenter/template.ts';
import type { WaitingPods } from './waiting-pods.ts';

/** What a claim is cut to. */
const TYPES_IN_CLAIM_MAX = 600;

interface PlainClaim {
  readonly template: Template;
  readonly ordinal: number;
  readonly tasks: number[];
  used: readonly number[];
  requirements: Requirements;
  types: readonly CandidateType[];
}

/** Of each claim its NodePool, pods and types. */
export function plainSolve({ cluster, provisioner, pods }: WaitingPods): string[] {
  const { specs, tasks } = cluster;
  const claims: PlainClaim[] = [];
  const order = [...pods].sort(
    (a, b) =>
      specs.cpuTicks[b.spec]! - specs.cpuTicks[a.spec]! ||
      specs.memoryBytes[b.spec]! - specs.memoryBytes[a.spec]! ||
      tasks.number[a.task]! - tasks.number[b.task]!,
  );
  for (const pod of order) {
    claims.sort((a, b) => a.tasks.length - b.tasks.length);
    if (claims.some((claim) => takes(cluster, claim, pod))) continue;
    for (const template of provisioner.templates) {
      const { requirements, types, noAmounts } = template;
      const claim = {
        template,
        ordinal: claims.length,
        tasks: [],
        used: noAmounts,
        requirements,
        types,
      };
      if (!takes(cluster, claim, pod)) continue;
      claims.push(claim);
      break;
    }
  }
  claims.sort((a, b) => a.ordinal - b.ordinal);
  return claims.map(({ template, tasks: own, types, requirements }) => {
    const prices = new Map(types.map((type) => [type, cheapestPrice(type, requirements)]));
    const cut = [...types]
      .sort((a, b) => prices.get(a)! - prices.get(b)! || (a.name < b.name ? -1 : 1))
      .slice(0, TYPES_IN_CLAIM_MAX);
    return told(
      template,
      own,
      cut.map(({ name }) => name),
    );
  });
}

export function told(
  template: Template,
  tasks: readonly number[],
  types: readonly string[],
): string {
  return [
    template.config.name,
    tasks.join(','),
    [...types].sort((a, b) => (a < b ? -1 : 1)).join(','),
  ].join(' ');
}

function takes({ specs }: WaitingPods['cluster'], claim: PlainClaim, { spec, task }: Pod): boolean {
  const asked = specs.at(spec);
  const tolerated = claim.template.taints.every((taint) =>
    asked.tolerations.some((one) => tolerates(one, taint)),
  );
  if (!tolerated) return false;
  // Made anew for each question, as the real one does: nothing is remembered.
  const own = Requirements.ofLabels(asked.nodeSelector);
  if (!claim.requirements.isCompatible(own, WELL_KNOWN_LABELS)) return false;
  const requirements = Requirements.of([...claim.requirements.all(), ...own.all()]);
  const amounts = [asked.cpuTicks, asked.memoryBytes, 1, asked.gpuCount];
  const used = claim.used.map((amount, resource) => amount + amounts[resource]!);
  const types = claim.types.filter(
    (type) =>
      type.requirements.intersects(requirements) &&
      used.every((amount, resource) => amount <= type.room[resource]!) &&
      type.offerings.some(
        (offering) =>
          offering.isAvailable &&
          requirements.isCompatible(offering.requirements, WELL_KNOWN_LABELS),
      ),
  );
  if (types.length === 0) return false;
  claim.used = used;
  claim.requirements = requirements;
  claim.types = types;
  claim.tasks.push(task);
  return true;
}
