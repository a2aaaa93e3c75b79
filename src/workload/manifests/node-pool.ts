/**
 * Karpenter's NodePools and node classes as plain configuration. A pure function of the files' texts.
 *
 *   NodePool       spec.template.metadata.{labels, annotations}; spec.template.spec.{requirements, taints, expireAfter,
 *                  terminationGracePeriod, nodeClassRef}; spec.disruption; spec.limits.{cpu, memory, nodes}; spec.weight;
 *                  spec.replicas
 *   EC2NodeClass   see node-class.ts; NodeClass of EKS Auto Mode too
 *
 * Defaults   weight 0; WhenEmptyOrUnderutilized; one budget of 10 %; expireAfter 720h; consolidateAfter 0s when absent
 *            (required by Karpenter 1.14, 0s by default after it).
 * Notes      say what bears on decisions and is read otherwise: NodeOverlay, startup taints, other limits, a node class that
 *            is not among the files. Unknown fields are noted too; wrong types and amounts, old versions and Windows are
 *            faults.
 * Source     aws.md 1.7, 1.10, 1.19, 1.21-1.24.
 */

import { ScenarioError, type Fault } from '../../base/scenario-error.ts';
import { TICKS_PER_MILLI } from '../../base/units.ts';
import { CONSOLIDATION_POLICIES, PLAIN_NODE_POOL } from './node-pool-spec.ts';
import { budgetsOf } from './node-pool-budget.ts';
import { durationOrNever } from './node-pool-duration.ts';
import { nodeClassOf, type NodeClass } from './node-class.ts';
import { parseKubernetesQuantity } from './kubernetes-quantity.ts';
import { readYaml, type YamlCursor } from './yaml-cursor.ts';
import { refuseOld } from './old-node-pools.ts';
import { requirementOf, taintOf } from './node-pool-requirement.ts';
import type { ManifestFile } from './kubernetes.ts';
import type { ManifestNote } from './manifest-workloads.ts';
import type { NodePoolManifest } from './node-pool-spec.ts';

export interface NodePoolManifests {
  /** In the order of the files. */
  readonly nodePools: readonly NodePoolManifest[];
  readonly notes: readonly ManifestNote[];
}

const DO_NOT_DISRUPT = 'karpenter.sh/do-not-disrupt';
const WEIGHT_MAX = 100;

/** Throws ScenarioError with all faults of all files; documents of other kinds are noted and left out. */
export function readNodePools(files: readonly ManifestFile[]): NodePoolManifests {
  const faults: Fault[] = [];
  const reading = new NodePoolReading();
  for (const { file, text } of files) {
    for (const root of readYaml(file, text, faults)) reading.take(root);
  }
  const nodePools = reading.finish();
  if (faults.length > 0) throw new ScenarioError(faults);
  return { nodePools, notes: reading.notes };
}

class NodePoolReading {
  readonly notes: ManifestNote[] = [];
  private readonly drafts: { pool: NodePoolManifest; nodeClassRef: YamlCursor }[] = [];
  private readonly nodeClasses: NodeClass[] = [];
  private readonly note = ({ file, line }: YamlCursor, message: string): void => {
    this.notes.push({ file, line, message });
  };

  take(root: YamlCursor): void {
    const kind = root.get('kind').text();
    const version = root.get('apiVersion').text();
    if (kind === 'List' || kind === 'NodePoolList' || kind === 'EC2NodeClassList') {
      for (const item of root.get('items').items()) this.take(item);
    } else if (refuseOld(root)) return;
    else if (kind === 'EC2NodeClass' && version.startsWith('karpenter.k8s.aws/')) {
      this.nodeClasses.push(nodeClassOf(root, false, this.note));
    } else if (kind === 'NodeClass' && version.startsWith('eks.amazonaws.com/')) {
      this.nodeClasses.push(nodeClassOf(root, true, this.note));
    } else if (kind === 'NodeOverlay') {
      this.note(root, 'NodeOverlay is left out: prices and capacities are those of the catalogue');
    } else if (kind !== 'NodePool') {
      this.note(root, `${kind === '' ? 'a document without kind' : kind} is left out`);
    } else if (version !== 'karpenter.sh/v1') {
      root.get('apiVersion').fault('karpenter.sh/v1');
    } else {
      this.takeNodePool(root);
    }
  }

  /** With what their node classes say, wherever among the files these stand. */
  finish(): NodePoolManifest[] {
    return this.drafts.map(({ pool, nodeClassRef }) => {
      const isAutoMode = nodeClassRef.get('group').isValue('eks.amazonaws.com');
      const name = nodeClassRef.get('name').text();
      const known = this.nodeClasses.find(
        (one) => one.name === name && one.isAutoMode === isAutoMode,
      );
      if (known === undefined && this.nodeClasses.length > 0 && name !== '') {
        this.note(
          nodeClassRef,
          `node class ${name} is not among the files: its defaults are taken`,
        );
      }
      const kubelet = known?.kubelet ?? {};
      return Object.keys(kubelet).length === 0
        ? { ...pool, isAutoMode }
        : { ...pool, isAutoMode, kubelet };
    });
  }

  private takeNodePool(root: YamlCursor): void {
    const name = root.get('metadata').get('name');
    if (name.text() === '') name.fault('the name of the NodePool');
    if (this.drafts.some(({ pool }) => pool.name === name.text())) {
      name.fault('a name that no other NodePool has');
    }
    const spec = root.get('spec');
    const template = spec.get('template');
    const { labels, annotations } = {
      labels: template.get('metadata').get('labels').textMap(),
      annotations: template.get('metadata').get('annotations').textMap(),
    };
    const node = template.get('spec');
    this.noteOthers(spec, ['template', 'disruption', 'limits', 'weight', 'replicas']);
    const read = ['requirements', 'taints', 'expireAfter', 'terminationGracePeriod'];
    this.noteOthers(node, [...read, 'nodeClassRef', 'startupTaints']);
    const startup = node.get('startupTaints');
    if (startup.items().map(taintOf).length > 0) {
      this.note(startup, 'startup taints count as gone once a node is ready');
    }
    const expireAfterUs = durationOrNever(node.get('expireAfter'), PLAIN_NODE_POOL.expireAfterUs);
    const replicas = spec.get('replicas');
    const pool = {
      name: name.text(),
      weight: weightOf(spec),
      requirements: node.get('requirements').items().map(requirementOf),
      labels,
      taints: node.get('taints').items().map(taintOf),
      limits: this.limitsOf(spec.get('limits')),
      ...this.disruptionOf(spec.get('disruption')),
      expireAfterUs,
      terminationGracePeriodUs: durationOrNever(node.get('terminationGracePeriod'), Infinity),
      doNotDisrupt: annotations[DO_NOT_DISRUPT] === 'true',
      isAutoMode: false,
      ...(replicas.isAbsent ? {} : { replicas: replicas.whole(0) }),
    };
    refuseWindowsOnly(node);
    this.drafts.push({ pool, nodeClassRef: node.get('nodeClassRef') });
  }

  private disruptionOf(
    disruption: YamlCursor,
  ): Pick<NodePoolManifest, 'consolidationPolicy' | 'consolidateAfterUs' | 'budgets'> {
    this.noteOthers(disruption, ['consolidationPolicy', 'consolidateAfter', 'budgets']);
    const budgets = disruption.get('budgets');
    for (const budget of budgets.items()) {
      this.noteOthers(budget, ['nodes', 'reasons', 'schedule', 'duration']);
    }
    return {
      consolidationPolicy: disruption
        .get('consolidationPolicy')
        .oneOf(CONSOLIDATION_POLICIES, PLAIN_NODE_POOL.consolidationPolicy),
      consolidateAfterUs: durationOrNever(
        disruption.get('consolidateAfter'),
        PLAIN_NODE_POOL.consolidateAfterUs,
      ),
      budgets: budgets.isAbsent ? PLAIN_NODE_POOL.budgets : budgetsOf(budgets),
    };
  }

  private limitsOf(limits: YamlCursor): NodePoolManifest['limits'] {
    for (const [key, value] of limits.entries()) {
      if (['cpu', 'memory', 'nodes'].includes(key)) continue;
      this.note(value, `limit ${key} of a NodePool is not modelled`);
    }
    return {
      cpuTicks: limitOf(limits.get('cpu'), 'milli') * TICKS_PER_MILLI,
      memoryBytes: limitOf(limits.get('memory'), 'unit'),
      nodes: limitOf(limits.get('nodes'), 'unit'),
    };
  }

  private noteOthers(map: YamlCursor, known: readonly string[]): void {
    for (const [key, value] of map.entries()) {
      if (!known.includes(key)) this.note(value, `${key} of a NodePool is not modelled`);
    }
  }
}

function weightOf(spec: YamlCursor): number {
  const weight = spec.get('weight');
  const value = weight.whole(PLAIN_NODE_POOL.weight);
  if (value > WEIGHT_MAX) weight.fault(`a weight of at most ${WEIGHT_MAX}`);
  if (!weight.isAbsent && !spec.get('replicas').isAbsent) {
    weight.faultSaying(
      'expected no weight beside replicas: a static NodePool takes no pods in turn',
    );
  }
  return value;
}

function refuseWindowsOnly(node: YamlCursor): void {
  for (const item of node.get('requirements').items()) {
    const isOs = item.get('key').isValue('kubernetes.io/os') && item.get('operator').isValue('In');
    const values = item.get('values');
    if (!isOs || values.items().some((value) => value.isValue('linux'))) continue;
    values.fault('linux among the values: Windows nodes are not modelled');
  }
}

/** A quantity in thousandths or units; Infinity when absent. */
function limitOf(cursor: YamlCursor, grain: 'milli' | 'unit'): number {
  if (cursor.isAbsent) return Infinity;
  const value = parseKubernetesQuantity(cursor.textOrNumber(), grain);
  if (value === null) cursor.fault('a Kubernetes quantity such as 1000, 500m or 1000Gi');
  return value ?? Infinity;
}
