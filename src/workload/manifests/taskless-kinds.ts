/** Kinds that make no tasks and change nothing about any: by API group and kind, or whole groups. */

const KINDS = new Set([
  '/ConfigMap',
  '/Endpoints',
  '/Event',
  '/Secret',
  '/ServiceAccount',
  'apps/ControllerRevision',
  'apiregistration.k8s.io/APIService',
  'cert-manager.io/Certificate',
  'cert-manager.io/Issuer',
  'cert-manager.io/ClusterIssuer',
  'discovery.k8s.io/EndpointSlice',
  'events.k8s.io/Event',
  'extensions/Ingress',
  'monitoring.coreos.com/AlertmanagerConfig',
  'monitoring.coreos.com/PodMonitor',
  'monitoring.coreos.com/Probe',
  'monitoring.coreos.com/PrometheusRule',
  'monitoring.coreos.com/ScrapeConfig',
  'monitoring.coreos.com/ServiceMonitor',
  'policy/PodSecurityPolicy',
  'storage.k8s.io/CSIDriver',
  'keda.sh/TriggerAuthentication',
  'keda.sh/ClusterTriggerAuthentication',
]);

const GROUPS = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'elbv2.k8s.aws',
  'external-secrets.io',
  'gateway.networking.k8s.io',
  'networking.istio.io',
  'networking.k8s.io',
  'rbac.authorization.k8s.io',
  'security.istio.io',
  'telemetry.istio.io',
]);

/** Why an object of the kind is skipped. `type` is its group and kind, such as `apps/Deployment`. */
export function whySkipped(type: string): string {
  if (KINDS.has(type) || GROUPS.has(type.slice(0, type.indexOf('/')))) return 'makes no tasks';
  if (type === 'kustomize.config.k8s.io/Kustomization') {
    return 'not applied: build it first, and import what `kubectl kustomize` prints';
  }
  if (type === 'karpenter.sh/NodePool' || type === 'karpenter.k8s.aws/EC2NodeClass') {
    return 'says where hosts come from: name the file as `nodePools` of a karpenter pool';
  }
  return 'unknown kind: pods that its operator would make are missing';
}
