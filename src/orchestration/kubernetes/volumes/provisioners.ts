/** What makes the volumes of a class, as far as it matters: whether they are disks that one node at a time has attached. */

/** The driver that attaches EBS volumes. */
export const EBS_DRIVER = 'ebs.csi.aws.com';

/** The names by which classes ask for EBS volumes; the in-tree one is taken over by the driver. */
const EBS_PROVISIONERS: readonly string[] = [
  EBS_DRIVER,
  'kubernetes.io/aws-ebs',
  'ebs.csi.eks.amazonaws.com',
];

/** Makes nothing: volumes of such a class are made by hand, often of local disks. */
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** Network file systems: every node mounts them, as many as like at a time. */
const SHARED: readonly string[] = [
  'efs.csi.aws.com',
  'fsx.csi.aws.com',
  'nfs.csi.k8s.io',
  'file.csi.azure.com',
];

function isEbs(provisioner: string): boolean {
  return EBS_PROVISIONERS.includes(provisioner);
}

/** Does it make volumes? */
export function isMaking(provisioner: string): boolean {
  return provisioner !== '' && provisioner !== NO_PROVISIONER;
}

/** Does it make volumes that are attached to one node at a time? */
export function isAttaching(provisioner: string): boolean {
  return isMaking(provisioner) && !SHARED.includes(provisioner);
}

/** The driver that attaches its volumes; undefined where none need be. */
export function driverOf(provisioner: string): string | undefined {
  if (!isAttaching(provisioner)) return undefined;
  return isEbs(provisioner) ? EBS_DRIVER : provisioner;
}
