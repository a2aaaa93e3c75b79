/**
 * Addresses that an instance takes from the subnet of its zone.
 *
 *   Kubernetes   two network interfaces full of them: the VPC CNI keeps one whole interface warm beside the one in use
 *                (WARM_ENI_TARGET 1), long before pods use them
 *   others       one
 *
 * Departs  a node with more pods than its first interface has addresses takes further interfaces; that is not followed.
 * Source   defaults of amazon-vpc-cni-k8s; a launch into a subnet without a free address fails with
 *          InsufficientFreeAddressesInSubnet (aws.md 1.13).
 */

import type { InstanceType } from '../instance-type.ts';

const INTERFACES = 2;

export function subnetAddressesOf(type: InstanceType, isNode: boolean): number {
  return isNode ? Math.min(INTERFACES, type.enisDefaultCard) * type.ipv4PerEni : 1;
}
