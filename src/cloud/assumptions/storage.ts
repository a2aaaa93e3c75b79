import type { Assumption } from './assumption.ts';

/** Volumes that are made, attached and detached for pods. */
export const STORAGE_ASSUMPTIONS = [
  {
    name: 'volume.provision-s',
    default: 3,
    low: 1,
    high: 10,
    unit: 's',
    source: 'assumption; the facts give no figure',
    meaning: 'A claim asks for a volume to it being bound to a new one',
  },
  {
    name: 'volume.attach-s',
    default: 6,
    low: 2,
    high: 15,
    unit: 's',
    source: 'assumption; the facts give no figure',
    meaning: 'A volume asked for on a host to it being attached and mounted there',
  },
  {
    name: 'volume.detach-s',
    default: 6,
    low: 2,
    high: 20,
    unit: 's',
    source: 'assumption; the facts give no figure',
    meaning: 'The last pod that uses a volume gone to it being detached from a host that answers',
  },
  {
    name: 'volume.force-detach-s',
    default: 360,
    low: 0,
    high: 360,
    unit: 's',
    source: 'kube-controller-manager waits 6 minutes for an unmount that nobody confirms',
    meaning: 'The same from a host that is silent or gone',
  },
  {
    name: 'ebs.nitro-attachments',
    default: 28,
    low: 28,
    high: 128,
    unit: 'count',
    source:
      'the EC2 user guide: most Nitro types share 28 among volumes, interfaces and local disks; types of generation 7 on have more, for volumes alone. One number for all here',
    meaning: 'Attachments of a Nitro instance, its root volume and its interface among them',
  },
  {
    name: 'ebs.xen-attachments',
    default: 40,
    low: 27,
    high: 40,
    unit: 'count',
    source: 'the EBS driver allows 39 volumes besides the root volume',
    meaning: 'Volumes of a Xen instance, its root volume among them',
  },
] as const satisfies readonly Assumption[];
