/**
 * A node class as far as it bears on decisions: EC2NodeClass (karpenter.k8s.aws/v1) or NodeClass of EKS Auto Mode
 * (eks.amazonaws.com/v1).
 *
 * Read      kubelet.{maxPods, podsPerCore, kubeReserved, systemReserved, evictionHard}; amiFamily and the aliases of
 *           amiSelectorTerms; the size of the root volume, which is the room for images.
 * Family    Bottlerocket keeps back 11 MiB for each of maxPods where others count the pods that the network allows, and has
 *           no podsPerCore. Windows is refused: its images, overheads and pods are not modelled.
 * Harmless  roles, profiles, tags, user data, subnets and security groups (zones are those of the scenario), metadata and
 *           connection options, monitoring.
 * Noted     what would change a decision: reservations, placement groups, EFA interfaces, soft eviction and collection
 *           thresholds, disks of the instance as storage.
 * Source    aws.md 1.15, 7.5; FeatureFlags and kubeReservedResources of the AWS provider 1.14.
 */

import { MIB } from '../../base/units.ts';
import { amountsOf, quantityOf } from './api-values.ts';
import type { EvictionThreshold, KubeletSettings } from '../../cluster/kubelet-settings.ts';
import type { YamlCursor } from './yaml-cursor.ts';

export interface NodeClass {
  readonly name: string;
  readonly isAutoMode: boolean;
  readonly kubelet: KubeletSettings;
}

type Note = (at: YamlCursor, message: string) => void;

const FAMILIES = [
  'AL2',
  'AL2023',
  'Bottlerocket',
  'Custom',
  'Windows2019',
  'Windows2022',
  'Windows2025',
] as const;
type Family = (typeof FAMILIES)[number];

const HARMLESS = new Set([
  'advancedNetworking',
  'advancedSecurity',
  'amiFamily',
  'amiSelectorTerms',
  'associatePublicIPAddress',
  'blockDeviceMappings',
  'certificateBundles',
  'connectionTracking',
  'context',
  'cpuOptions',
  'detailedMonitoring',
  'ephemeralStorage',
  'instanceProfile',
  'ipPrefixCount',
  'kubelet',
  'metadataOptions',
  'networkPolicy',
  'networkPolicyEventLogs',
  'podSecurityGroupSelectorTerms',
  'podSubnetSelectorTerms',
  'role',
  'securityGroupSelectorTerms',
  'snatPolicy',
  'subnetSelectorTerms',
  'tags',
  'userData',
]);
const KUBELET_READ = new Set([
  'clusterDNS',
  'cpuCFSQuota',
  'evictionHard',
  'kubeReserved',
  'maxPods',
  'podsPerCore',
  'systemReserved',
]);
/** Names under which the root volume is known to the AMI families. */
const ROOT_DEVICE: Partial<Record<Family, string>> = {
  AL2: '/dev/xvda',
  AL2023: '/dev/xvda',
  Bottlerocket: '/dev/xvdb',
};

export function nodeClassOf(root: YamlCursor, isAutoMode: boolean, note: Note): NodeClass {
  const spec = root.get('spec');
  for (const [key, value] of spec.entries()) {
    if (!HARMLESS.has(key)) note(value, `${key} of a node class is not modelled`);
  }
  const family = isAutoMode ? 'Bottlerocket' : familyOf(spec);
  const kubelet = kubeletOf(spec.get('kubelet'), family, note);
  const imageDiskBytes = isAutoMode
    ? quantityOf(spec.get('ephemeralStorage').get('size'), 'unit')
    : rootVolumeBytes(spec, family);
  return {
    name: root.get('metadata').get('name').text(),
    isAutoMode,
    kubelet: imageDiskBytes === undefined ? kubelet : { ...kubelet, imageDiskBytes },
  };
}

function familyOf(spec: YamlCursor): Family {
  const stated = spec.get('amiFamily').oneOf(FAMILIES, 'Custom');
  if (stated.startsWith('Windows')) refuseWindows(spec.get('amiFamily'));
  for (const term of spec.get('amiSelectorTerms').items()) {
    const alias = term.get('alias');
    if (alias.isAbsent) continue;
    const [name = ''] = alias.text().split('@');
    const family = FAMILIES.find((one) => one.toLowerCase() === name);
    if (family === undefined || !alias.text().includes('@')) {
      alias.fault('an alias such as al2023@latest or bottlerocket@v1.20.4');
    } else if (family.startsWith('Windows')) refuseWindows(alias);
    return family ?? stated;
  }
  return stated;
}

function refuseWindows(at: YamlCursor): void {
  at.fault('an AMI family of Linux nodes (AL2023, Bottlerocket): Windows nodes are not modelled');
}

function kubeletOf(cursor: YamlCursor, family: Family, note: Note): KubeletSettings {
  for (const [key, value] of cursor.entries()) {
    if (!KUBELET_READ.has(key)) note(value, `kubelet.${key} of a node class is not modelled`);
  }
  const isBottlerocket = family === 'Bottlerocket';
  const maxPods = cursor.get('maxPods');
  const podsPerCore = cursor.get('podsPerCore');
  if (isBottlerocket && !podsPerCore.isAbsent) note(podsPerCore, 'Bottlerocket has no podsPerCore');
  const kubeReserved = {
    ...(isBottlerocket && !maxPods.isAbsent ? { memory: (11 * maxPods.whole(0) + 255) * MIB } : {}),
    ...amountsOf(cursor.get('kubeReserved')),
  };
  const systemReserved = amountsOf(cursor.get('systemReserved'));
  const memory = thresholdOf(cursor.get('evictionHard').get('memory.available'));
  return {
    ...(maxPods.isAbsent ? {} : { maxPods: maxPods.whole(0) }),
    ...(podsPerCore.isAbsent || isBottlerocket ? {} : { podsPerCore: podsPerCore.whole(0) }),
    ...(Object.keys(kubeReserved).length === 0 ? {} : { kubeReserved }),
    ...(Object.keys(systemReserved).length === 0 ? {} : { systemReserved }),
    ...(memory === undefined ? {} : { evictionHard: { 'memory.available': memory } }),
  };
}

/** 100 % turns a threshold off. */
function thresholdOf(cursor: YamlCursor): EvictionThreshold | undefined {
  if (cursor.isAbsent) return undefined;
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(String(cursor.textOrNumber())) ?? [];
  if (percent === undefined) return { amount: quantityOf(cursor, 'unit') ?? 0 };
  return { share: percent === '100' ? 0 : Number(percent) / 100 };
}

function rootVolumeBytes(spec: YamlCursor, family: Family): number | undefined {
  // The disks of the instance take the images, and their size hangs on the type.
  if (spec.get('instanceStorePolicy').isValue('RAID0')) return undefined;
  const devices = spec.get('blockDeviceMappings').items();
  const marked = devices.find((device) => device.get('rootVolume').flag());
  const named = devices.find((device) => device.get('deviceName').isValue(ROOT_DEVICE[family]));
  const chosen = marked ?? (family === 'Custom' ? devices.at(-1) : named);
  return chosen === undefined ? undefined : quantityOf(chosen.get('ebs').get('volumeSize'), 'unit');
}
