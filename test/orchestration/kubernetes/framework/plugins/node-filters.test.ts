import { describe, expect, it } from 'vitest';
import { BARE } from '../../../../../src/orchestration/kubernetes/framework/surroundings.ts';
import { CycleFilters } from '../../../../../src/orchestration/kubernetes/framework/cycle-filters.ts';
import { DEFAULT_ARGUMENTS } from '../../../../../src/cluster/plugin-arguments.ts';
import { node, pod } from '../pods-and-nodes.ts';
import { NominatedPods } from '../../../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { profileOf } from '../../../../../src/orchestration/kubernetes/framework/profile.ts';
import type { HostPort, NodeTerm } from '../../../../../src/cluster/pod-template.ts';
import type { LabelRequirement } from '../../../../../src/cluster/spec.ts';
import type { NodeInfo } from '../../../../../src/orchestration/kubernetes/framework/node-info.ts';
import type { PluginArguments } from '../../../../../src/cluster/plugin-arguments.ts';
import type { PodInfo } from '../../../../../src/orchestration/kubernetes/framework/pod-info.ts';

const GIB = 1024 ** 3;

/** What the default profile says of the node, PreFilter included. */
function refusal(incoming: PodInfo, one: NodeInfo, args: PluginArguments = DEFAULT_ARGUMENTS) {
  const start = CycleFilters.begin(profileOf({ args }).filters, incoming, [one], BARE);
  return start.refusal ?? start.filters.refusalOf(one, new NominatedPods());
}

function requirement(
  key: string,
  operator: LabelRequirement['operator'],
  ...values: string[]
): LabelRequirement {
  return { key, operator, values };
}

function requiring(...requiredNodeTerms: readonly NodeTerm[]): PodInfo {
  return pod('incoming', { template: { requiredNodeTerms } });
}

describe('pitfall 8.8: what preemption could resolve and what not (1.14)', () => {
  const SMALL = node('n', {}, { allocatable: { cpu: 1000, memory: GIB, pods: 2 } });
  const asking = (requests: Readonly<Record<string, number>>): PodInfo =>
    pod('incoming', { requests });

  it('a request larger than the whole node: not resolvable', () => {
    expect(refusal(asking({ cpu: 1001 }), SMALL)).toEqual({
      code: 'UnschedulableAndUnresolvable',
      plugin: 'NodeResourcesFit',
      reasons: ['Insufficient cpu'],
    });
  });

  it('a request larger than what is left: resolvable; all that is short is told', () => {
    const full = node('n', {}, { allocatable: { cpu: 1000, memory: GIB, pods: 1 } });
    full.add(pod('there', { requests: { cpu: 600, memory: GIB / 2 } }));
    expect(refusal(asking({ cpu: 500, memory: GIB / 2 + 1 }), full)).toEqual({
      code: 'Unschedulable',
      plugin: 'NodeResourcesFit',
      reasons: ['Too many pods', 'Insufficient cpu', 'Insufficient memory'],
    });
  });

  it('one resource too large for the node makes the whole refusal not resolvable', () => {
    const full = node('n', {}, { allocatable: { cpu: 1000, memory: GIB, pods: 110 } });
    full.add(pod('there', { requests: { cpu: 600 } }));
    expect(refusal(asking({ cpu: 500, 'example.com/gpu': 1 }), full)).toMatchObject({
      code: 'UnschedulableAndUnresolvable',
      reasons: ['Insufficient cpu', 'Insufficient example.com/gpu'],
    });
  });

  it('too many pods: resolvable, even for a pod that asks for nothing', () => {
    const full = node('n', {}, { allocatable: { pods: 1 } });
    full.add(pod('there'));
    expect(refusal(pod('incoming'), full)).toMatchObject({
      code: 'Unschedulable',
      reasons: ['Too many pods'],
    });
  });

  it('affinity, taints, cordons and names of nodes: not resolvable', () => {
    const code = 'UnschedulableAndUnresolvable';
    const taints = [{ key: 'a', value: '', effect: 'NoExecute' as const }];
    const elsewhere = pod('incoming', { template: { nodeName: 'other' } });
    expect(refusal(pod('i', { nodeSelector: { disk: 'ssd' } }), node('n'))).toMatchObject({ code });
    expect(refusal(pod('i'), node('n', {}, { taints }))).toMatchObject({ code });
    expect(refusal(pod('i'), node('n', {}, { isUnschedulable: true }))).toMatchObject({ code });
    expect(refusal(elsewhere, node('n'))).toMatchObject({ code });
  });

  it('host ports: resolvable', () => {
    const ports = [{ ip: '0.0.0.0', protocol: 'TCP', port: 80 }];
    const one = node('n');
    one.add(listening('there', ports));
    expect(refusal(listening('i', ports), one)).toMatchObject({ code: 'Unschedulable' });
  });
});

describe('NodeUnschedulable', () => {
  it('lets pods onto a cordoned node that tolerate its taint (1.8)', () => {
    const key = 'node.kubernetes.io/unschedulable';
    const tolerations = [{ key, operator: 'Exists' as const, value: '', effect: '' as const }];
    const cordoned = node('n', {}, { isUnschedulable: true });
    expect(refusal(pod('i', { tolerations }), cordoned)).toBeUndefined();
  });
});

describe('TaintToleration', () => {
  it('looks past taints that are mere preferences (1.8)', () => {
    const taints = [{ key: 'a', value: '', effect: 'PreferNoSchedule' as const }];
    expect(refusal(pod('i'), node('n', {}, { taints }))).toBeUndefined();
  });
});

describe('NodeAffinity', () => {
  const ssd = { expressions: [requirement('disk', 'In', 'ssd')], fields: [] };
  const named = (name: string): NodeTerm => ({
    expressions: [],
    fields: [requirement('metadata.name', 'In', name)],
  });

  it('takes a node that one of the terms matches, and none for no term at all (1.8)', () => {
    const big = { expressions: [requirement('cores', 'Gt', '4')], fields: [] };
    expect(refusal(requiring(ssd, big), node('n', { cores: '8' }))).toBeUndefined();
    expect(refusal(requiring(ssd, big), node('n', { cores: '4' }))).toBeDefined();
    expect(refusal(requiring(), node('n'))).toBeDefined();
    expect(refusal(requiring({ expressions: [], fields: [] }), node('n'))).toBeDefined();
  });

  it('takes a label that is no number for neither greater nor less (1.8)', () => {
    const less = { expressions: [requirement('cores', 'Lt', '4')], fields: [] };
    expect(refusal(requiring(less), node('n', { cores: 'many' }))).toBeDefined();
    expect(refusal(requiring(less), node('n'))).toBeDefined();
    expect(refusal(requiring(less), node('n', { cores: '-1' }))).toBeUndefined();
  });

  it('narrows the search to named nodes where every term names one (1.8)', () => {
    const begin = (incoming: PodInfo) =>
      CycleFilters.begin(profileOf().filters, incoming, [node('a')], BARE);
    expect(begin(requiring(named('a'), named('b'))).nodes).toEqual(new Set(['a', 'b']));
    expect(begin(requiring(named('a'), ssd)).nodes).toBeUndefined();
  });

  it('fits nowhere when the names of every term exclude each other (1.8)', () => {
    const both = { expressions: [], fields: [...named('a').fields, ...named('b').fields] };
    expect(refusal(requiring(both), node('a'))?.reasons).toEqual(['pod affinity terms conflict']);
  });

  it('holds every pod to what the profile adds (1.1)', () => {
    const addedAffinity = { requiredNodeTerms: [ssd], preferredNodeTerms: [] };
    const args = { ...DEFAULT_ARGUMENTS, addedAffinity };
    expect(refusal(pod('i'), node('n'), args)?.reasons).toEqual([
      "node(s) didn't match scheduler-enforced node affinity",
    ]);
    expect(refusal(pod('i'), node('n', { disk: 'ssd' }), args)).toBeUndefined();
  });
});

function listening(name: string, hostPorts: readonly HostPort[], isSidecar = false): PodInfo {
  const container = { name: 'c', image: 'app', requests: {}, limits: {}, hostPorts, isSidecar };
  const plain = { ...container, hostPorts: [], isSidecar: false };
  return pod(name, {
    template: isSidecar
      ? { containers: [plain], initContainers: [container] }
      : { containers: [container] },
  });
}

describe('NodePorts', () => {
  const port = (ip: string, protocol = 'TCP'): HostPort => ({ ip, protocol, port: 80 });
  const collide = (there: HostPort, comes: HostPort, isSidecar = false): boolean => {
    const one = node('n');
    one.add(listening('there', [there], isSidecar));
    return refusal(listening('i', [comes]), one) !== undefined;
  };

  it('tells addresses and protocols apart; 0.0.0.0 is every address (1.8)', () => {
    expect(collide(port('10.0.0.1'), port('10.0.0.1'))).toBe(true);
    expect(collide(port('10.0.0.1'), port('10.0.0.2'))).toBe(false);
    expect(collide(port('10.0.0.1'), port('0.0.0.0'))).toBe(true);
    expect(collide(port('0.0.0.0'), port('10.0.0.1'))).toBe(true);
    expect(collide(port('10.0.0.1'), port('10.0.0.1', 'UDP'))).toBe(false);
  });

  it('takes a port that two pods hold for free as soon as one of them is gone: a quirk of the real one', () => {
    const one = node('n');
    one.add(listening('a', [port('10.0.0.1')]));
    one.add(listening('b', [port('10.0.0.1')]));
    one.remove('uid-a');
    expect(refusal(listening('i', [port('10.0.0.1')]), one)).toBeUndefined();
  });

  it('counts sidecars (1.8)', () => {
    expect(collide(port('10.0.0.1'), port('10.0.0.1'), true)).toBe(true);
  });
});

describe('NodeResourcesFit', () => {
  it('looks past extended resources that the profile ignores, by name or prefix, and past a request of 0 (1.8)', () => {
    const incoming = pod('i', { requests: { 'example.com/gpu': 1, 'other.com/x': 0 } });
    const fit = { ...DEFAULT_ARGUMENTS.fit, ignoredResources: ['example.com/gpu'] };
    const byPrefix = { ...DEFAULT_ARGUMENTS.fit, ignoredResourceGroups: ['example.com'] };
    expect(refusal(incoming, node('n'))).toBeDefined();
    expect(refusal(incoming, node('n'), { ...DEFAULT_ARGUMENTS, fit })).toBeUndefined();
    expect(refusal(incoming, node('n'), { ...DEFAULT_ARGUMENTS, fit: byPrefix })).toBeUndefined();
  });

  it('ignores no resource of Kubernetes itself (1.8)', () => {
    const incoming = pod('i', { requests: { 'hugepages-2Mi': 1 } });
    const fit = { ...DEFAULT_ARGUMENTS.fit, ignoredResources: ['hugepages-2Mi'] };
    expect(refusal(incoming, node('n'), { ...DEFAULT_ARGUMENTS, fit })).toBeDefined();
  });
});
