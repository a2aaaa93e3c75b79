/** Objects of Karpenter before v1, which no release serves any more: what to write instead. */

import type { YamlCursor } from './yaml-cursor.ts';

const INSTEAD: Readonly<Record<string, string>> = {
  Provisioner:
    'a NodePool (karpenter.sh/v1): spec.requirements, labels and taints move into spec.template, ttlSecondsAfterEmpty becomes disruption.consolidateAfter with policy WhenEmpty, consolidation.enabled policy WhenEmptyOrUnderutilized, ttlSecondsUntilExpired template.spec.expireAfter, limits.resources limits',
  AWSNodeTemplate:
    'an EC2NodeClass (karpenter.k8s.aws/v1): subnetSelector and securityGroupSelector become lists of terms, amiFamily an alias in amiSelectorTerms, instanceProfile or role is stated',
  NodePool:
    'karpenter.sh/v1: expireAfter moves into template.spec, kubelet into the EC2NodeClass, WhenUnderutilized becomes WhenEmptyOrUnderutilized, nodeClassRef names its group',
  EC2NodeClass:
    'karpenter.k8s.aws/v1: amiSelectorTerms is stated, such as `alias: al2023@latest`, and kubelet comes here from the NodePool',
};

/** Notes a fault and answers true where the object is one of them. */
export function refuseOld(root: YamlCursor): boolean {
  const group = root.get('apiVersion').text();
  const instead = INSTEAD[root.get('kind').text()];
  if (instead === undefined || !/^karpenter\..*\/v1(alpha|beta)\d+$/.test(group)) return false;
  root.get('apiVersion').fault(instead);
  return true;
}
