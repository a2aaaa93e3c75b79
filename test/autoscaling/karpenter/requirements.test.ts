import { describe, expect, it } from 'vitest';
import { Requirement } from '../../../src/autoscaling/karpenter/requirement.ts';
import { Requirements } from '../../../src/autoscaling/karpenter/requirements.ts';
import { WELL_KNOWN_LABELS, ZONE } from '../../../src/autoscaling/karpenter/well-known-labels.ts';
import { requirementsOfChoice } from '../../../src/autoscaling/karpenter/config.ts';
import type { LabelRequirement } from '../../../src/cluster/spec.ts';

const NOTHING_OPEN: ReadonlySet<string> = new Set();

function requirements(
  ...list: (readonly [string, LabelRequirement['operator'], ...string[]])[]
): Requirements {
  return Requirements.of(
    list.map(([key, operator, ...values]) => Requirement.of({ key, operator, values })),
  );
}

describe('a pod is compatible with a node', () => {
  it('that states every label it asks for, with a value it allows', () => {
    const node = Requirements.ofLabels({ team: 'shop', [ZONE]: 'us-east-1a' });
    const pod = requirements(['team', 'In', 'shop', 'web'], [ZONE, 'NotIn', 'us-east-1b']);
    expect(node.isCompatible(pod, NOTHING_OPEN)).toBe(true);
  });

  it('unless a custom label is not stated', () => {
    const node = Requirements.ofLabels({ [ZONE]: 'us-east-1a' });
    for (const operator of ['In', 'Exists'] as const) {
      const pod = requirements(['team', operator, ...(operator === 'In' ? ['shop'] : [])]);
      expect(node.isCompatible(pod, WELL_KNOWN_LABELS)).toBe(false);
    }
    for (const operator of ['NotIn', 'DoesNotExist'] as const) {
      const pod = requirements(['team', operator, ...(operator === 'NotIn' ? ['shop'] : [])]);
      expect(node.isCompatible(pod, WELL_KNOWN_LABELS)).toBe(true);
    }
  });

  it('whose well-known label is open on a claim, but not on an existing node', () => {
    const pod = requirements([ZONE, 'In', 'us-east-1a']);
    expect(Requirements.none.isCompatible(pod, WELL_KNOWN_LABELS)).toBe(true);
    expect(Requirements.none.isCompatible(pod, NOTHING_OPEN)).toBe(false);
  });
});

it('keys that only one side states do not matter to an intersection', () => {
  expect(requirements(['a', 'In', '1']).intersects(requirements(['b', 'In', '2']))).toBe(true);
});

it('two sides that both may lack the label intersect, however disjoint', () => {
  const missing = requirements(['a', 'DoesNotExist']);
  expect(missing.intersects(requirements(['a', 'NotIn', '1']))).toBe(true);
  expect(missing.intersects(requirements(['a', 'DoesNotExist']))).toBe(true);
  expect(missing.intersects(requirements(['a', 'Exists']))).toBe(false);
});

it('requirements on one key are intersected', () => {
  const both = requirements(['a', 'In', '1', '2', '3'], ['a', 'Gt', '1'], ['a', 'NotIn', '3']);
  expect([...both.get('a')!.values]).toEqual(['2']);
});

it('a pod asks for its node selector and its requirements together', () => {
  const pod = Requirements.ofPod({
    nodeSelector: { team: 'shop' },
    requirements: [{ key: 'team', operator: 'NotIn', values: ['shop'] }],
  });
  expect(pod.get('team')!.isNowhere).toBe(true);
});

it('the type-choosing keys of a scenario become In requirements, and empty lists none', () => {
  const choice = {
    instanceTypes: [],
    families: ['m6i'],
    categories: [],
    arch: ['amd64'],
    capacityTypes: ['on-demand', 'spot'],
  };
  expect(requirementsOfChoice(choice)).toEqual([
    { key: 'karpenter.k8s.aws/instance-family', operator: 'In', values: ['m6i'] },
    { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] },
    { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand', 'spot'] },
  ]);
});
