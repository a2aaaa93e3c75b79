/**
 * The closed lists of words that stand in the tables: states, reasons, bill items, actors, decisions. Each word is
 * kebab-case and carries its meaning and what the real system prints for it, for `dictionary.csv`; '' where the
 * real systems have no word. A word missing here is a type error where it is used, never a new string in a CSV.
 *
 * Real words: kube-scheduler's filter messages (kubernetes.md 1.8), ECS's RunTask failure reasons and stop codes
 * (aws.md 3.3), Karpenter's disruption reasons (aws.md 1.21) and EC2's launch errors (aws.md 1.13).
 */

export interface Word {
  readonly word: string;
  readonly meaning: string;
  /** What the real systems print, as `system: word; system: word`. */
  readonly realWord: string;
}

function word<const W extends string>(text: W, meaning: string, realWord: string) {
  return { word: text, meaning, realWord } as const;
}

/** Where a task stands. Submitted = completed + failed + cancelled + pending + (placed + pulling + running). */
export const TASK_STATES = [
  word(
    'pending',
    'submitted and not yet bound to a host',
    'Kubernetes: Pending; ECS: PROVISIONING',
  ),
  word('placed', 'bound to a host that has not begun to pull', 'Kubernetes: Pending; ECS: PENDING'),
  word('pulling', 'its host pulls the image', 'Kubernetes: ContainerCreating; ECS: ACTIVATING'),
  word('running', 'its containers run', 'Kubernetes: Running; ECS: RUNNING'),
  word(
    'completed',
    'ended by itself with success',
    'Kubernetes: Succeeded; ECS: STOPPED, exit code 0',
  ),
  word('failed', 'ended by itself or its host without success', 'Kubernetes: Failed; ECS: STOPPED'),
  word('cancelled', 'stopped by a decision', 'Kubernetes: deleted; ECS: STOPPED'),
] as const satisfies readonly Word[];

/** Why no host takes a task, or what it waits for. */
export const PENDING_REASONS = [
  word(
    'no-host',
    'the cluster has no host that could be asked',
    'kube-scheduler: no nodes available to schedule pods; ECS: No Container Instances were found in your cluster',
  ),
  word(
    'host-not-ready',
    'the host has not joined or its agent is silent',
    'kube-scheduler: node(s) had untolerated taint {node.kubernetes.io/not-ready}; ECS: AGENT',
  ),
  word(
    'host-draining',
    'the host takes no new tasks',
    'kube-scheduler: node(s) were unschedulable; ECS: DRAINING',
  ),
  word(
    'insufficient-cpu',
    'too little free CPU',
    'kube-scheduler: Insufficient cpu; ECS: RESOURCE:CPU',
  ),
  word(
    'insufficient-memory',
    'too little free memory',
    'kube-scheduler: Insufficient memory; ECS: RESOURCE:MEMORY',
  ),
  word(
    'insufficient-gpu',
    'too few free GPUs, or no device with enough left',
    'kube-scheduler: Insufficient nvidia.com/gpu; ECS: RESOURCE:GPU',
  ),
  word(
    'too-many-pods',
    'the host runs as many tasks as it may',
    'kube-scheduler: Too many pods; ECS: RESOURCE:ENI',
  ),
  word(
    'port-taken',
    'another task holds the host port',
    "kube-scheduler: node(s) didn't have free ports for the requested pod ports; ECS: RESOURCE:PORTS",
  ),
  word(
    'taint',
    'a taint of the host is not tolerated',
    'kube-scheduler: node(s) had untolerated taint; Karpenter: did not tolerate taint',
  ),
  word(
    'selector',
    'the host lacks a label that the task asks for',
    "kube-scheduler: node(s) didn't match Pod's node affinity/selector; ECS: MemberOf placement constraint unsatisfied",
  ),
  word(
    'spread',
    'the host would break a topology spread constraint',
    "kube-scheduler: node(s) didn't match pod topology spread constraints; ECS: DistinctInstance placement constraint unsatisfied",
  ),
  word('wrong-pool', 'the pool is kept for other workloads', 'Fargate on EKS: no matching profile'),
  word(
    'pool-at-maximum',
    'the pool may not grow further',
    'Cluster Autoscaler: max node group size reached; Karpenter: exceeded limits for nodepool',
  ),
  word(
    'size-not-offered',
    'the provider sells nothing of that size',
    'Karpenter: no instance type has enough resources; ECS: No Fargate configuration exists for given values',
  ),
  word(
    'insufficient-capacity',
    'the provider has none left to sell',
    'EC2: InsufficientInstanceCapacity; ECS: Capacity is unavailable at this time',
  ),
  word('quota-reached', 'the account may not run more', 'EC2: VcpuLimitExceeded'),
  word(
    'no-address',
    'the subnet has no free address',
    'EC2: InsufficientFreeAddressesInSubnet; ECS: RESOURCE:ENI',
  ),
  word(
    'host-launching',
    'a host was ordered for it and is on its way',
    'Cluster Autoscaler: TriggeredScaleUp; Karpenter: Nominated; ECS: PROVISIONING',
  ),
  word('queued', 'its turn has not come', 'batch systems: queued (Priority, Resources)'),
  word('back-off', 'waits after refusals before it is tried again', 'kube-scheduler: backoffQ'),
  word(
    'throttled',
    'the launch rate of the service is used up',
    'AWS: ThrottlingException; Fargate: launch rate quota',
  ),
  word(
    'provisioning-full',
    'as many tasks wait for capacity as a cluster may have in that state',
    'ECS: RunTask refused, PROVISIONING tasks per cluster',
  ),
  word('conflict', 'the host changed between the decision and its commit', 'kubelet: OutOfcpu'),
  word(
    'volume-unbound',
    'a volume that it claims is not made yet',
    'kube-scheduler: pod has unbound immediate PersistentVolumeClaims',
  ),
  word(
    'volume-unreachable',
    'the host cannot reach a volume of the task, or get one there',
    "kube-scheduler: node(s) didn't match PersistentVolume's node affinity; node(s) didn't find available persistent volumes to bind",
  ),
  word(
    'too-many-volumes',
    'the host has as many volumes attached as it may',
    'kube-scheduler: node(s) exceed max volume count',
  ),
  word(
    'gang',
    'too few of its group exist, or found a host in time',
    'kube-scheduler, Coscheduling: optimistic rejection; rejected due to timeout after waiting',
  ),
  word(
    'volume-in-use',
    'another task uses a volume that it wants for itself',
    'kube-scheduler: node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
  ),
] as const satisfies readonly Word[];

/** Why a task ended. */
export const END_REASONS = [
  word('completed', 'its work was done', 'Kubernetes: Completed; ECS: EssentialContainerExited'),
  word(
    'essential-container-exited',
    'a container without which it cannot go on exited',
    'Kubernetes: Error; ECS: EssentialContainerExited',
  ),
  word(
    'out-of-memory',
    'it used more memory than it may',
    'Kubernetes: OOMKilled (137); ECS: OutOfMemoryError',
  ),
  word(
    'image-pull-failed',
    'the image could not be pulled',
    'Kubernetes: ErrImagePull; ECS: CannotPullContainerError',
  ),
  word('deadline-exceeded', 'it ran longer than it may', 'Kubernetes: DeadlineExceeded'),
  word(
    'unhealthy',
    'its health check failed',
    'kubelet: Liveness probe failed, Startup probe failed; ECS: Task failed container health checks',
  ),
  word(
    'scaled-in',
    'its service runs fewer replicas',
    'Kubernetes: SuccessfulDelete (ReplicaSet); ECS: ServiceSchedulerInitiated',
  ),
  word(
    'replaced',
    'another task of its service takes its place',
    'Kubernetes: rolling update; ECS: ServiceSchedulerInitiated',
  ),
  word('evicted', 'its host ran short of a resource', 'kubelet: Evicted'),
  word('drained', 'its host was emptied', 'Kubernetes: EvictionByEvictionAPI; ECS: DRAINING'),
  word(
    'preempted',
    'a task of higher priority took its room',
    'kube-scheduler: PreemptionByScheduler',
  ),
  word('consolidated', 'its host was removed to save money', 'Karpenter: Underutilized'),
  word(
    'spot-interruption',
    'the provider took the spot capacity back',
    'EC2: instance-terminated-no-capacity; ECS: SpotInterruption',
  ),
  word(
    'host-terminated',
    'its host was terminated under it',
    'Kubernetes: DeletionByPodGC; ECS: Host EC2 (instance) terminated',
  ),
  word('host-failed', 'its host failed', 'Kubernetes: NodeLost'),
  word(
    'taint-evicted',
    'its host has a taint that it does not tolerate, or not any longer',
    'Kubernetes: DeletionByTaintManager',
  ),
  word('resized', 'its successor gets other requests', 'Kubernetes: EvictedByVPA'),
  word('stopped', 'somebody stopped it', 'ECS: UserInitiated'),
  word('unplaced', 'nothing could take it and it was given up', 'ECS: RunTask failures'),
  word(
    'rejected',
    'it was bound to a host that would not run it',
    'kubelet: OutOfcpu, OutOfmemory, OutOfpods, NodeAffinity, NodePorts',
  ),
] as const satisfies readonly Word[];

/** Why a host was terminated; `end-of-run` for one that was still there. */
export const TERMINATION_REASONS = [
  word('scale-in', 'its group became smaller', 'Auto Scaling: Terminating (scale in)'),
  word('unneeded', 'its tasks fit elsewhere for long enough', 'Cluster Autoscaler: ScaleDown'),
  word('consolidation-empty', 'no task was left on it', 'Karpenter: Empty'),
  word('consolidation-underutilized', 'its tasks fit on cheaper hosts', 'Karpenter: Underutilized'),
  word('drifted', 'it no longer matches its definition', 'Karpenter: Drifted'),
  word('expired', 'it reached its maximum age', 'Karpenter: Expired'),
  word('spot-interruption', 'the provider took it back', 'EC2: Spot Instance interruption notice'),
  word('rebalanced', 'its group moved capacity to another zone', 'Auto Scaling: AZ rebalancing'),
  word(
    'at-risk',
    'spot capacity of its pool was about to run short',
    'Auto Scaling: Capacity Rebalancing',
  ),
  word('refreshed', 'a campaign replaced it by a new one', 'Auto Scaling: instance refresh'),
  word('unhealthy', 'it failed its health check', 'Auto Scaling: Unhealthy'),
  word('host-failure', 'the machine failed', 'EC2: system status check failed'),
  word('zone-outage', 'its zone failed', ''),
  word(
    'link-lost',
    'the region did not hear of it',
    'ECS: agentConnected false; Kubernetes: NodeStatusUnknown',
  ),
  word(
    'credentials-expired',
    'credentials of its tasks ended while it was cut off',
    'ECS Anywhere',
  ),
  word(
    'launch-failed',
    'it never came up',
    'EC2: Server.InternalError; Karpenter: liveness timeout',
  ),
  word(
    'insufficient-capacity',
    'EC2 had no room for it in its zone',
    'EC2: InsufficientInstanceCapacity',
  ),
  word('quota-reached', 'the account may not run more', 'EC2: VcpuLimitExceeded'),
  word('no-address', 'its subnet had no free address', 'EC2: InsufficientFreeAddressesInSubnet'),
  word(
    'retired',
    'its platform was patched: tasks on the old one are replaced',
    'Fargate: task retirement',
  ),
  word('task-ended', 'the micro-VM left with its task', 'Fargate: DEPROVISIONING'),
  word('end-of-run', 'it was still there when the run ended', ''),
] as const satisfies readonly Word[];

/** What a bill line is for. */
export const BILL_ITEMS = [
  word('ec2', 'instance time', 'AWS bill: BoxUsage, SpotUsage'),
  word('fargate-vcpu', 'vCPU time of Fargate tasks', 'AWS bill: Fargate-vCPU-Hours:perCPU'),
  word('fargate-memory', 'memory time of Fargate tasks', 'AWS bill: Fargate-GB-Hours'),
  word(
    'fargate-storage',
    'ephemeral storage of Fargate tasks above what is included',
    'AWS bill: Fargate-EphemeralStorage-GB-Hours',
  ),
  word('eks-control-plane', 'cluster time', 'AWS bill: AmazonEKS-Hours:perCluster'),
  word(
    'ecs-anywhere',
    'time of registered external instances',
    'AWS bill: ECS-Anywhere-Instance-hours',
  ),
  word('hybrid-node', 'vCPU time of hybrid nodes', 'AWS bill: EKS Hybrid Nodes'),
  word('eks-auto-mode', 'management of nodes by EKS Auto Mode', 'AWS bill: EKS-Auto'),
  word('external-host', 'time of hosts one owns, at the stated cost', ''),
  word(
    'reserved-instance',
    'reserved instances, and what they cover',
    'AWS bill: RIFee, DiscountedUsage',
  ),
  word(
    'savings-plan',
    'savings plans, and what they cover',
    'AWS bill: SavingsPlanRecurringFee, SavingsPlanNegation',
  ),
  word('discount', 'what was negotiated', 'AWS bill: EdpDiscount'),
  word('ebs', 'volumes of the hosts', 'AWS bill: EBS:VolumeUsage'),
  word(
    'load-balancer',
    'load balancer time and capacity units',
    'AWS bill: LoadBalancerUsage, LCUUsage',
  ),
  word('nat', 'NAT gateway time and bytes', 'AWS bill: NatGateway-Hours, NatGateway-Bytes'),
  word('registry', 'image storage', 'AWS bill: ECR TimedStorage-ByteHrs'),
  word('data-transfer', 'bytes between zones, regions and the internet', 'AWS bill: DataTransfer'),
] as const satisfies readonly Word[];

/** Who decided, in `decisions.csv`. */
export const ACTORS = [
  word('kube-scheduler', 'places pods', 'kube-scheduler'),
  word('ecs-scheduler', 'places tasks and keeps the count of services', 'ECS service scheduler'),
  word(
    'batch-scheduler',
    'places jobs in the order of a queue discipline',
    'SLURM, PBS and their like',
  ),
  word('fargate', 'gives each task a micro-VM', 'AWS Fargate'),
  word('workload-controller', 'keeps the count of replicas', 'kube-controller-manager'),
  word('operator', 'who runs the system: gives workloads new revisions', 'kubectl apply'),
  word('eviction-api', 'lets pods leave nodes as far as budgets allow', 'pods/eviction'),
  word('auto-scaling-group', 'launches and terminates instances', 'Amazon EC2 Auto Scaling'),
  word('capacity-provider', 'sets the size of its group', 'ECS managed scaling'),
  word('cluster-autoscaler', 'adds and removes nodes of groups', 'Cluster Autoscaler'),
  word('karpenter', 'launches, consolidates and expires nodes', 'Karpenter'),
  word('kubelet', 'runs the pods of its node', 'kubelet'),
  word(
    'node-controller',
    'finds silent nodes and deletes their pods',
    'kube-controller-manager: node-lifecycle, taint-eviction and pod-garbage-collector controllers',
  ),
  word('kueue', 'admits jobs by quota', 'Kueue'),
  word('hpa', 'sets the replicas of a deployment', 'HorizontalPodAutoscaler'),
  word('keda', 'takes a deployment to 0 replicas and back', 'KEDA operator'),
  word('vpa', 'sets the requests of pods', 'VerticalPodAutoscaler'),
  word('service-auto-scaling', 'sets the tasks of a service', 'Application Auto Scaling'),
  word('spot-market', 'takes spot capacity back', 'EC2 Spot'),
  word('disruption', 'makes hosts and zones fail', ''),
] as const satisfies readonly Word[];

/** What was decided, in `decisions.csv`. */
export const DECISIONS = [
  word('place', 'bind the task to a host', 'Kubernetes: Scheduled; ECS: PENDING'),
  word('admit', 'let a suspended job begin', 'Kueue: Admitted'),
  word('refuse', 'leave the task pending', 'Kubernetes: FailedScheduling'),
  word('preempt', 'evict a task of lower priority', 'Kubernetes: Preempted'),
  word('evict', 'delete a task to free its host', 'Kubernetes: Evicted, TaintManagerEviction'),
  word('taint', 'keep tasks off a host, or let them on again', 'Kubernetes: NodeNotReady'),
  word('launch', 'order a host', 'EC2: RunInstances, CreateFleet'),
  word(
    'drain',
    'let a host take no more tasks and empty it',
    'Kubernetes: cordon and drain; ECS: DRAINING',
  ),
  word('terminate', 'end a host', 'EC2: TerminateInstances'),
  word('scale-out', 'more hosts or replicas', 'Kubernetes: SuccessfulRescale; ECS: scale out'),
  word('scale-in', 'fewer hosts or replicas', 'Kubernetes: SuccessfulRescale; ECS: scale in'),
  word('replace', 'start another task for one that ended', 'Kubernetes: SuccessfulCreate'),
  word(
    'resize',
    'let replicas ask for other amounts',
    'VPA: recommendation; kubelet: ResizeCompleted',
  ),
  word('roll-out', 'give a workload another revision', 'kubectl set image'),
  word(
    'give-up',
    'end a job that failed too often or ran too long',
    'Kubernetes: BackoffLimitExceeded, DeadlineExceeded',
  ),
  word('interrupt', 'take capacity back after a notice', 'EC2: Spot Instance interruption notice'),
  word('fail', 'break a host or a zone', ''),
] as const satisfies readonly Word[];

export type TaskState = (typeof TASK_STATES)[number]['word'];
export type PendingReason = (typeof PENDING_REASONS)[number]['word'];
export type EndReason = (typeof END_REASONS)[number]['word'];
export type TerminationReason = (typeof TERMINATION_REASONS)[number]['word'];
export type BillItem = (typeof BILL_ITEMS)[number]['word'];
export type Actor = (typeof ACTORS)[number]['word'];
export type Decision = (typeof DECISIONS)[number]['word'];
