/** Labels that every node gets from Karpenter or its AWS provider: a claim may leave them open (aws.md 1.7). */

export const ZONE = 'topology.kubernetes.io/zone';
export const CAPACITY_TYPE_LABEL = 'karpenter.sh/capacity-type';
export const NODE_POOL = 'karpenter.sh/nodepool';
/** Tells offerings of one capacity reservation from those of others. */
export const RESERVATION_ID = 'karpenter.k8s.aws/capacity-reservation-id';
export const HOSTNAME = 'kubernetes.io/hostname';

/** Labels that only some instance types have: one without it does not exist there. */
export const LABELS_OF_SOME_TYPES: readonly string[] = [
  'instance-network-bandwidth',
  'instance-ebs-bandwidth',
  'instance-gpu-name',
  'instance-gpu-manufacturer',
  'instance-gpu-count',
  'instance-gpu-memory',
  'instance-accelerator-name',
  'instance-accelerator-manufacturer',
  'instance-accelerator-count',
  'instance-local-nvme',
  'instance-hypervisor',
  'capacity-reservation-id',
  'capacity-reservation-type',
  'capacity-reservation-interruptible',
].map((name) => `karpenter.k8s.aws/${name}`);

export const WELL_KNOWN_LABELS: ReadonlySet<string> = new Set([
  NODE_POOL,
  ZONE,
  CAPACITY_TYPE_LABEL,
  'topology.kubernetes.io/region',
  'topology.k8s.aws/zone-id',
  'node.kubernetes.io/instance-type',
  'node.kubernetes.io/windows-build',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'karpenter.k8s.aws/instance-category',
  'karpenter.k8s.aws/instance-family',
  'karpenter.k8s.aws/instance-generation',
  'karpenter.k8s.aws/instance-size',
  'karpenter.k8s.aws/instance-cpu',
  'karpenter.k8s.aws/instance-cpu-manufacturer',
  'karpenter.k8s.aws/instance-memory',
  'karpenter.k8s.aws/instance-cpu-sustained-clock-speed-mhz',
  'karpenter.k8s.aws/instance-encryption-in-transit-supported',
  'karpenter.k8s.aws/instance-capability-flex',
  'karpenter.k8s.aws/instance-tenancy',
  'karpenter.k8s.aws/placement-group-id',
  'karpenter.k8s.aws/placement-group-partition',
  ...LABELS_OF_SOME_TYPES,
]);
