/** Names that the generated clusters use. Few of each, so that what pods ask for is there often enough. */

export const ZONE = 'topology.kubernetes.io/zone';
export const HOSTNAME = 'kubernetes.io/hostname';
export const ARCH = 'kubernetes.io/arch';
export const OS = 'kubernetes.io/os';
export const INSTANCE_TYPE = 'node.kubernetes.io/instance-type';
export const CAPACITY_TYPE = 'karpenter.sh/capacity-type';
export const NODE_POOL = 'karpenter.sh/nodepool';
export const FAMILY = 'karpenter.k8s.aws/instance-family';
export const CPU = 'karpenter.k8s.aws/instance-cpu';
export const GPU_NAME = 'karpenter.k8s.aws/instance-gpu-name';
export const RESERVATION = 'karpenter.k8s.aws/capacity-reservation-id';
export const NODE_CLASS = 'karpenter.k8s.aws/ec2nodeclass';
/** Labels that no provider knows. */
export const TEAM = 'example.com/team';
export const RACK = 'example.com/rack';

export const ZONES = ['z-a', 'z-b', 'z-c'] as const;
export const FAMILIES = ['c5', 'm5', 'r6g', 'g5'] as const;
export const TEAMS = ['red', 'blue'] as const;
export const APPS = ['shop', 'cart', 'db'] as const;
export const NAMESPACES = ['default', 'team-a'] as const;
export const GPU = 'nvidia.com/gpu';
export const POOLS = ['general', 'batch', 'zeta', 'alpha'] as const;
export const SIZE = 'karpenter.k8s.aws/instance-size';
export const RESERVATION_KIND = 'karpenter.k8s.aws/capacity-reservation-type';
export const RESERVATION_INTERRUPTIBLE = 'karpenter.k8s.aws/capacity-reservation-interruptible';
