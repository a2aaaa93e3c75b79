/**
 * Karpenter NodePools (karpenter.sh/v1) as plain configuration. A pure function of the files' texts.
 *
 *   spec.template.metadata.labels, spec.template.spec.{requirements, taints, expireAfter}
 *   spec.disruption.{consolidationPolicy, consolidateAfter, budgets}, spec.limits.{cpu, memory, nodes}, spec.weight
 *
 * Defaults   weight 0; WhenEmptyOrUnderutilized; one budget of 10 %; expireAfter 720h; consolidateAfter 0s when absent
 *            (required by Karpenter 1.14, 0s by default after it).
 * Operators  Gte N is read as Gt N - 1, Lte N as Lt N + 1: labels that are compared are whole numbers.
 * Notes      say what bears on decisions and is read otherwise: EC2NodeClass, startup taints, budget schedules, policy
 *            Balanced, replicas, other limits. Unknown fields are noted too; wrong types and amounts are faults.
 * Source     aws.md 1.7, 1.10, 1.19, 1.21, 1.22.
 */

import { ScenarioError, type Fault } from '../../base/scenario-error.ts';
import { TICKS_PER_MILLI, US_PER_DAY } from '../../base/units.ts';
import { parseDuration } from '../../base/quantity.ts';
import type { LabelRequirement, Taint } from '../../cluster/spec.ts';
import type { ManifestFile } from './kubernetes.ts';
import type { ManifestNote } from './manifest-workloads.ts';
import { parseKubernetesQuantity } from './kubernetes-quantity.ts';
import { readYaml, type YamlCursor } from './yaml-cursor.ts';

export interface NodePoolRequirement extends LabelRequirement {
  /** Distinct values that the types of one claim must keep. */
  readonly minValues?: number;
}

export type DisruptionReason = 'Underutilized' | 'Empty' | 'Drifted';

export interface DisruptionBudget {
  /** A count or a percentage of the pool's nodes. */
  readonly nodes: { readonly count?: number; readonly percent?: number };
  /** Empty: every reason. */
  readonly reasons: readonly DisruptionReason[];
}

export interface NodePoolManifest {
  readonly name: string;
  readonly weight: number;
  readonly requirements: readonly NodePoolRequirement[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Infinity: no limit. */
  readonly limits: {
    readonly cpuTicks: number;
    readonly memoryBytes: number;
    readonly nodes: number;
  };
  readonly consolidationPolicy: 'WhenEmpty' | 'WhenEmptyOrUnderutilized';
  /** Infinity: never. */
  readonly consolidateAfterUs: number;
  readonly budgets: readonly DisruptionBudget[];
  /** Infinity: never. */
  readonly expireAfterUs: number;
}

export interface NodePoolManifests {
  /** In the order of the files. */
  readonly nodePools: readonly NodePoolManifest[];
  readonly notes: readonly ManifestNote[];
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt', 'Gte', 'Lte'] as const;
const POLICIES = ['WhenEmptyOrUnderutilized', 'WhenEmpty', 'Balanced'] as const;
const REASONS = ['Underutilized', 'Empty', 'Drifted'] as const;
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

const DEFAULT_EXPIRY_US = 30 * US_PER_DAY;
const DEFAULT_BUDGET: DisruptionBudget = { nodes: { percent: 10 }, reasons: [] };

/** Throws ScenarioError with all faults of all files; documents of other kinds are noted and left out. */
export function readNodePools(files: readonly ManifestFile[]): NodePoolManifests {
  const faults: Fault[] = [];
  const reading = new NodePoolReading();
  for (const { file, text } of files) {
    for (const root of readYaml(file, text, faults)) reading.take(root);
  }
  if (faults.length > 0) throw new ScenarioError(faults);
  return { nodePools: reading.nodePools, notes: reading.notes };
}

class NodePoolReading {
  readonly nodePools: NodePoolManifest[] = [];
  readonly notes: ManifestNote[] = [];

  take(root: YamlCursor): void {
    const kind = root.get('kind').text();
    const version = root.get('apiVersion').text();
    if (kind === 'List') {
      for (const item of root.get('items').items()) this.take(item);
    } else if (kind !== 'NodePool') {
      this.note(root, `${kind === '' ? 'a document without kind' : kind} is left out`);
    } else if (version !== 'karpenter.sh/v1') {
      root.get('apiVersion').fault('karpenter.sh/v1');
    } else {
      this.takeNodePool(root);
    }
  }

  private takeNodePool(root: YamlCursor): void {
    const name = root.get('metadata').get('name');
    if (name.text() === '') name.fault('the name of the NodePool');
    if (this.nodePools.some((known) => known.name === name.text())) {
      name.fault('a name that no other NodePool has');
    }
    const spec = root.get('spec');
    const template = spec.get('template');
    const node = template.get('spec');
    const disruption = spec.get('disruption');
    this.noteOthers(spec, ['template', 'disruption', 'limits', 'weight']);
    this.noteOthers(node, ['requirements', 'taints', 'expireAfter']);
    this.noteOthers(disruption, ['consolidationPolicy', 'consolidateAfter', 'budgets']);
    this.nodePools.push({
      name: name.text(),
      weight: spec.get('weight').whole(0),
      requirements: node.get('requirements').items().map(requirementOf),
      labels: template.get('metadata').get('labels').textMap(),
      taints: node.get('taints').items().map(taintOf),
      limits: this.limitsOf(spec.get('limits')),
      consolidationPolicy: this.policyOf(disruption.get('consolidationPolicy')),
      consolidateAfterUs: durationOrNever(disruption.get('consolidateAfter'), 0),
      budgets: this.budgetsOf(disruption.get('budgets')),
      expireAfterUs: durationOrNever(node.get('expireAfter'), DEFAULT_EXPIRY_US),
    });
  }

  private limitsOf(limits: YamlCursor): NodePoolManifest['limits'] {
    this.noteOthers(limits, ['cpu', 'memory', 'nodes']);
    return {
      cpuTicks: limitOf(limits.get('cpu'), 'milli') * TICKS_PER_MILLI,
      memoryBytes: limitOf(limits.get('memory'), 'unit'),
      nodes: limitOf(limits.get('nodes'), 'unit'),
    };
  }

  private policyOf(policy: YamlCursor): NodePoolManifest['consolidationPolicy'] {
    const chosen = policy.oneOf(POLICIES, 'WhenEmptyOrUnderutilized');
    if (chosen !== 'Balanced') return chosen;
    this.note(policy, 'policy Balanced is read as WhenEmptyOrUnderutilized');
    return 'WhenEmptyOrUnderutilized';
  }

  private budgetsOf(budgets: YamlCursor): readonly DisruptionBudget[] {
    if (budgets.isAbsent) return [DEFAULT_BUDGET];
    return budgets.items().map((budget) => {
      if (!budget.get('schedule').isAbsent) {
        this.note(budget, 'the schedule of a budget is not followed: it is always in force');
      }
      this.noteOthers(budget, ['nodes', 'reasons', 'schedule', 'duration']);
      const reasons = budget.get('reasons').items();
      return {
        nodes: shareOrCount(budget.get('nodes')),
        reasons: reasons.map((reason) => reason.oneOf(REASONS, 'Underutilized')),
      };
    });
  }

  private noteOthers(map: YamlCursor, known: readonly string[]): void {
    for (const [key, value] of map.entries()) {
      if (!known.includes(key)) this.note(value, `${key} of a NodePool is not modelled`);
    }
  }

  private note({ file, line }: YamlCursor, message: string): void {
    this.notes.push({ file, line, message });
  }
}

function requirementOf(item: YamlCursor): NodePoolRequirement {
  const key = item.get('key');
  if (key.text() === '') key.fault('the key of a node label');
  const values = item.get('values').items();
  const operator = item.get('operator');
  if (operator.isAbsent) operator.fault(`one of ${OPERATORS.join(', ')}`);
  const texts = values.map((value) => value.text());
  const named = operator.oneOf(OPERATORS, 'Exists');
  checkValues(item, named, texts);
  const requirement = { key: key.text(), ...withStrictBound(named, texts) };
  const minValues = item.get('minValues');
  return minValues.isAbsent ? requirement : { ...requirement, minValues: minValues.whole(1, 1) };
}

function checkValues(
  item: YamlCursor,
  operator: (typeof OPERATORS)[number],
  values: readonly string[],
): void {
  const at = item.get('values');
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) at.fault(`at least one value for ${operator}`);
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) at.fault(`no values for ${operator}`);
      break;
    case 'Gt':
    case 'Lt':
    case 'Gte':
    case 'Lte':
      if (values.length !== 1 || !/^\d+$/.test(values[0]!)) {
        at.fault(`one whole number, in quotes, for ${operator}`);
      }
  }
}

function withStrictBound(
  operator: (typeof OPERATORS)[number],
  values: readonly string[],
): Pick<LabelRequirement, 'operator' | 'values'> {
  if (operator === 'Gte') return { operator: 'Gt', values: [String(Number(values[0]) - 1)] };
  if (operator === 'Lte') return { operator: 'Lt', values: [String(Number(values[0]) + 1)] };
  return { operator, values };
}

function taintOf(item: YamlCursor): Taint {
  const key = item.get('key');
  if (key.text() === '') key.fault('the key of a taint');
  const effect = item.get('effect');
  if (effect.isAbsent) effect.fault(`one of ${EFFECTS.join(', ')}`);
  return {
    key: key.text(),
    value: item.get('value').text(),
    effect: effect.oneOf(EFFECTS, 'NoSchedule'),
  };
}

function shareOrCount(nodes: YamlCursor): DisruptionBudget['nodes'] {
  const text = String(nodes.textOrNumber());
  const [, digits, sign] = /^(\d+)(%?)$/.exec(text) ?? [];
  if (digits === undefined || (sign === '%' && Number(digits) > 100)) {
    nodes.fault('a number of nodes, or a whole percentage such as "10%"');
    return { count: 0 };
  }
  return sign === '%' ? { percent: Number(digits) } : { count: Number(digits) };
}

function durationOrNever(cursor: YamlCursor, neutral: number): number {
  if (cursor.isAbsent) return neutral;
  const input = cursor.textOrNumber();
  if (input === 'Never') return Infinity;
  const parsed = parseDuration(input);
  if (parsed.ok) return parsed.value;
  cursor.faultSaying(`${parsed.message}, or Never`);
  return neutral;
}

/** A quantity in thousandths or units; Infinity when absent. */
function limitOf(cursor: YamlCursor, grain: 'milli' | 'unit'): number {
  if (cursor.isAbsent) return Infinity;
  const value = parseKubernetesQuantity(cursor.textOrNumber(), grain);
  if (value === null) cursor.fault('a Kubernetes quantity such as 1000, 500m or 1000Gi');
  return value ?? Infinity;
}
