/** What Kubernetes reads of a pod beyond what every task states, with the defaults that the API server fills in. */

import { effectiveRequests } from '../../cluster/pod-requests.ts';
import type { Amounts, PodTemplate, TopologySpread } from '../../cluster/pod-template.ts';
import { amountsOf } from './api-values.ts';
import { labelSelectorOf } from './label-selector.ts';
import { nodeAffinityOf, podAffinityOf, withLabelKeys } from './pod-affinity.ts';
import { podContainers } from './pod-containers.ts';
import type { PodContainers } from './pod-containers.ts';
import { podVolumes } from './pod-volumes.ts';
import { preStopOf } from './pre-stop.ts';
import type { YamlCursor } from './yaml-cursor.ts';

type Labels = Readonly<Record<string, string>>;

const GRACE_S = 30;
/** Written by a Deployment onto the pods of each of its ReplicaSets. */
const HASH_KEY = 'pod-template-hash';

export interface PodPlace {
  readonly namespace: string;
  readonly labels: Labels;
  readonly preemptionPolicy: PodTemplate['preemptionPolicy'];
}

export function podTemplateOf(
  /** A pod template, or a pod: `metadata` and `spec`. */
  template: YamlCursor,
  { namespace, labels, preemptionPolicy }: PodPlace,
  leftOut: string[],
): PodTemplate {
  const podSpec = template.get('spec');
  const affinity = podSpec.get('affinity');
  const containers = podContainers(podSpec);
  return {
    namespace,
    annotations: template.get('metadata').get('annotations').textMap(),
    ...containers,
    podRequests: ownRequests(podSpec, containers),
    overhead: amountsOf(podSpec.get('overhead')),
    ...nodeAffinityOf(affinity.get('nodeAffinity')),
    affinity: podAffinityOf(affinity.get('podAffinity'), labels),
    antiAffinity: podAffinityOf(affinity.get('podAntiAffinity'), labels),
    topologySpread: topologySpreadOf(podSpec, labels, leftOut),
    volumes: podVolumes(podSpec),
    preemptionPolicy: podSpec
      .get('preemptionPolicy')
      .oneOf(['PreemptLowerPriority', 'Never'], preemptionPolicy),
    schedulingGates: podSpec
      .get('schedulingGates')
      .items()
      .map((gate) => gate.get('name').text()),
    nodeName: podSpec.get('nodeName').text(),
    ...schedulerNameOf(podSpec.get('schedulerName').text()),
    restartPolicy: podSpec.get('restartPolicy').oneOf(['Always', 'OnFailure', 'Never'], 'Always'),
    terminationGraceS: podSpec.get('terminationGracePeriodSeconds').whole(GRACE_S),
    ...preStopOf(podSpec),
  };
}

function schedulerNameOf(name: string): Pick<PodTemplate, 'schedulerName'> {
  return name === '' || name === 'default-scheduler' ? {} : { schedulerName: name };
}

/**
 * Of CPU, memory and huge pages. Where the pod has limits of its own, what it does not request is filled in: with the sum of
 * its containers, else with the limit.
 */
function ownRequests(podSpec: YamlCursor, containers: PodContainers): Amounts {
  const resources = podSpec.get('resources');
  const limits = ofPods(amountsOf(resources.get('limits')));
  const requests = ofPods(amountsOf(resources.get('requests')));
  if (Object.keys(limits).length === 0) return requests;
  const { cpu, memory } = effectiveRequests({ ...containers, podRequests: {}, overhead: {} });
  return {
    ...limits,
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...requests,
  };
}

function ofPods(amounts: Amounts): Amounts {
  const kept = Object.entries(amounts).filter(
    ([resource]) =>
      resource === 'cpu' || resource === 'memory' || resource.startsWith('hugepages-'),
  );
  return Object.fromEntries(kept);
}

function topologySpreadOf(
  podSpec: YamlCursor,
  labels: Labels,
  leftOut: string[],
): TopologySpread[] {
  const policies = ['Honor', 'Ignore'] as const;
  return podSpec
    .get('topologySpreadConstraints')
    .items()
    .map((item) => {
      const keys = item.get('matchLabelKeys').items();
      if (keys.some((key) => key.text() === HASH_KEY) && labels[HASH_KEY] === undefined) {
        leftOut.push(`${HASH_KEY} as a matchLabelKey: all revisions count together`);
      }
      const selector = withLabelKeys(labelSelectorOf(item.get('labelSelector')), labels, item);
      return {
        topologyKey: item.get('topologyKey').text(),
        maxSkew: item.get('maxSkew').whole(1, 1),
        whenUnsatisfiable: item
          .get('whenUnsatisfiable')
          .oneOf(['DoNotSchedule', 'ScheduleAnyway'], 'DoNotSchedule'),
        ...(selector === undefined ? {} : { selector }),
        minDomains: item.get('minDomains').whole(1, 1),
        nodeAffinityPolicy: item.get('nodeAffinityPolicy').oneOf(policies, 'Honor'),
        nodeTaintsPolicy: item.get('nodeTaintsPolicy').oneOf(policies, 'Ignore'),
      };
    });
}
