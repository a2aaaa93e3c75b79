/**
 * Fields of manifests that Berth does not read and that change no decision of a scheduler, a controller or an autoscaler: a
 * closed table. A field that is neither read nor here would change one, and is reported with its place.
 *
 * `[]` stands for any place in a list. What lies under a field goes with it.
 */

/** Of every object. */
const OF_OBJECTS = [
  'status',
  'metadata.annotations',
  'metadata.creationTimestamp',
  'metadata.deletionGracePeriodSeconds',
  'metadata.finalizers',
  'metadata.generateName',
  'metadata.generation',
  'metadata.labels',
  'metadata.managedFields',
  'metadata.ownerReferences',
  'metadata.resourceVersion',
  'metadata.selfLink',
  'metadata.uid',
];

/** Of pods and pod templates, from where these begin. */
const OF_PODS = [
  'metadata.annotations',
  'metadata.creationTimestamp',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'spec.automountServiceAccountToken',
  'spec.dnsConfig',
  'spec.dnsPolicy',
  'spec.enableServiceLinks',
  'spec.hostAliases',
  'spec.hostIPC',
  'spec.hostPID',
  'spec.hostUsers',
  'spec.hostname',
  'spec.imagePullSecrets',
  'spec.securityContext',
  'spec.serviceAccount',
  'spec.serviceAccountName',
  'spec.setHostnameAsFQDN',
  'spec.shareProcessNamespace',
  'spec.subdomain',
  'spec.volumes[].configMap',
  'spec.volumes[].downwardAPI',
  'spec.volumes[].hostPath.path',
  'spec.volumes[].hostPath.type',
  'spec.volumes[].name',
  'spec.volumes[].nfs',
  'spec.volumes[].projected',
  'spec.volumes[].secret',
];

/** Of containers, init containers among them. */
const OF_CONTAINERS = [
  'args',
  'command',
  'env',
  'envFrom',
  'imagePullPolicy',
  'name',
  'ports[].containerPort',
  'ports[].name',
  'ports[].protocol',
  ...['readinessProbe', 'livenessProbe', 'startupProbe'].flatMap((probe) =>
    ['exec', 'grpc', 'httpGet', 'tcpSocket'].map((way) => `${probe}.${way}`),
  ),
  'lifecycle.stopSignal',
  'securityContext',
  'stdin',
  'stdinOnce',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'tty',
  'volumeDevices',
  'volumeMounts',
  'workingDir',
];

/** Of single kinds. */
const OF_KINDS: Readonly<Record<string, readonly string[]>> = {
  StatefulSet: [
    'spec.revisionHistoryLimit',
    'spec.serviceName',
    'spec.volumeClaimTemplates[].apiVersion',
    'spec.volumeClaimTemplates[].kind',
    'spec.volumeClaimTemplates[].metadata',
    'spec.volumeClaimTemplates[].spec.volumeMode',
    'spec.volumeClaimTemplates[].status',
  ],
  DaemonSet: ['spec.revisionHistoryLimit'],
  // The API server adds the labels by which a Job finds its pods.
  Job: ['spec.manualSelector', 'spec.selector'],
  CronJob: ['spec.jobTemplate.metadata'],
  Service: [
    'spec.allocateLoadBalancerNodePorts',
    'spec.clusterIP',
    'spec.clusterIPs',
    'spec.externalIPs',
    'spec.externalName',
    'spec.externalTrafficPolicy',
    'spec.healthCheckNodePort',
    'spec.internalTrafficPolicy',
    'spec.ipFamilies',
    'spec.ipFamilyPolicy',
    'spec.loadBalancerClass',
    'spec.loadBalancerIP',
    'spec.loadBalancerSourceRanges',
    'spec.ports',
    'spec.publishNotReadyAddresses',
    'spec.sessionAffinity',
    'spec.sessionAffinityConfig',
    'spec.trafficDistribution',
    'spec.type',
  ],
  Namespace: ['spec'],
  Node: ['spec.podCIDR', 'spec.podCIDRs', 'spec.providerID', 'spec.taints[].timeAdded'],
  PriorityClass: ['description'],
  LimitRange: ['spec.limits[].maxLimitRequestRatio'],
  PersistentVolume: [
    'spec.awsElasticBlockStore',
    'spec.claimRef',
    'spec.csi',
    'spec.hostPath',
    'spec.local',
    'spec.mountOptions',
    'spec.nfs',
  ],
  StorageClass: ['allowVolumeExpansion', 'mountOptions', 'parameters'],
  ScaledObject: [
    'spec.advanced.horizontalPodAutoscalerConfig.name',
    'spec.advanced.restoreToOriginalReplicaCount',
    'spec.scaleTargetRef.envSourceContainerName',
    'spec.triggers[].authenticationRef',
  ],
};

/** Fields whose usual value changes nothing, while another one would. */
const USUAL_VALUES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['spec.hostNetwork', false],
]);

/** Where the pod template of a kind begins; pods begin with themselves. */
const TEMPLATE_PLACES: Readonly<Record<string, string>> = {
  Deployment: 'spec.template.',
  ReplicaSet: 'spec.template.',
  ReplicationController: 'spec.template.',
  StatefulSet: 'spec.template.',
  DaemonSet: 'spec.template.',
  Job: 'spec.template.',
  CronJob: 'spec.jobTemplate.spec.template.',
  Pod: '',
};
const CONTAINER_PLACE = /^spec\.(?:init|ephemeral)?[cC]ontainers\[\]\./;

const objects = new Set(OF_OBJECTS);
const pods = new Set(OF_PODS);
const containers = new Set(OF_CONTAINERS);

/** `isValue` tells whether the field has just this value. */
export function isHarmless(
  kind: string,
  pattern: string,
  isValue: (usual: unknown) => boolean,
): boolean {
  const place = TEMPLATE_PLACES[kind];
  const ofKind = OF_KINDS[kind] ?? [];
  for (const path of withAncestors(pattern)) {
    if (objects.has(path) || ofKind.includes(path)) return true;
    if (place === undefined || !path.startsWith(place)) continue;
    const inPod = path.slice(place.length);
    const inContainer = inPod.replace(CONTAINER_PLACE, '');
    if (pods.has(inPod) || (inContainer !== inPod && containers.has(inContainer))) return true;
  }
  if (place === undefined) return false;
  const inPod = pattern.slice(place.length);
  return USUAL_VALUES.has(inPod) && isValue(USUAL_VALUES.get(inPod));
}

/** `a[].b` and what it lies in: `a[]`, `a`. */
function withAncestors(pattern: string): string[] {
  const paths = [pattern];
  for (let at = pattern.length - 1; at > 0; at--) {
    if (pattern[at] === '.' || pattern[at] === '[') paths.push(pattern.slice(0, at));
  }
  return paths;
}
