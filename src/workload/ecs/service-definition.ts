/** A service as `create-service` takes it, `describe-services` prints it or CloudFormation has it (aws.md 3.7 to 3.9, 3.11). */

import type { EcsCursor } from './ecs-cursor.ts';
import type { StepPolicyDefinition } from './step-policy.ts';

export interface ServiceDefinition {
  readonly name: string;
  /** Family, without the revision. */
  readonly family: string;
  readonly desiredCount: number;
  readonly isDaemon: boolean;
  readonly minimumHealthyPercent: number | undefined;
  readonly maximumPercent: number | undefined;
  readonly circuitBreaker: { readonly rollback: boolean } | undefined;
  readonly rebalancesZones: boolean | undefined;
  /** As a scenario writes them: `spread[field=zone]`. */
  readonly strategies: readonly string[];
  readonly constraints: readonly string[];
  readonly hasLoadBalancer: boolean;
  readonly capacityProviders: readonly string[];
  /** Bounds and CPU target of Application Auto Scaling, where the files have them. */
  scaling?: {
    readonly min: number;
    readonly max: number;
    readonly targetPercent?: number;
    readonly steps?: readonly StepPolicyDefinition[];
  };
}

export function serviceDefinition(written: EcsCursor, logicalId = ''): ServiceDefinition {
  const name = written.get('serviceName').text(logicalId);
  if (name === '') written.get('serviceName').cursor.fault('a name');
  const reference = written.get('taskDefinition').text();
  if (reference === '') written.get('taskDefinition').cursor.fault('a task definition');
  const deployment = written.get('deploymentConfiguration');
  const breaker = deployment.get('deploymentCircuitBreaker');
  return {
    name,
    family: familyOf(reference),
    desiredCount: written.get('desiredCount').whole(1),
    isDaemon:
      written.get('schedulingStrategy').oneOf(['REPLICA', 'DAEMON'], 'REPLICA') === 'DAEMON',
    minimumHealthyPercent: optional(deployment.get('minimumHealthyPercent')),
    maximumPercent: optional(deployment.get('maximumPercent')),
    circuitBreaker: breaker.get('enable').flag(false)
      ? { rollback: breaker.get('rollback').flag(false) }
      : undefined,
    rebalancesZones: rebalancing(written.get('availabilityZoneRebalancing')),
    strategies: written.get('placementStrategies').items().concat(older(written)).map(strategyText),
    constraints: written.get('placementConstraints').items().map(constraintText),
    hasLoadBalancer: written.get('loadBalancers').items().length > 0,
    capacityProviders: written
      .get('capacityProviderStrategy')
      .items()
      .map((one) => one.get('capacityProvider').text()),
  };
}

/** The CLI's input calls it `placementStrategy`. */
function older(written: EcsCursor): EcsCursor[] {
  return written.get('placementStrategy').items();
}

/** Of `family:revision`, an ARN, or the logical id of a CloudFormation resource. */
function familyOf(reference: string): string {
  const last = reference.slice(reference.lastIndexOf('/') + 1);
  return last.replace(/:\d+$/, '');
}

function optional(written: EcsCursor): number | undefined {
  return written.isAbsent ? undefined : written.whole(0);
}

function rebalancing(written: EcsCursor): boolean | undefined {
  return written.isAbsent ? undefined : written.text() === 'ENABLED';
}

const FIELDS: Readonly<Record<string, string>> = {
  'attribute:ecs.availability-zone': 'zone',
  instanceId: 'instance',
  host: 'instance',
};

function strategyText(written: EcsCursor): string {
  const field = written.get('field').text();
  switch (written.get('type').oneOf(['spread', 'binpack', 'random'], 'random')) {
    case 'random':
      return 'random';
    case 'binpack':
      return `binpack[resource=${field.toLowerCase() === 'cpu' ? 'cpu' : 'memory'}]`;
    case 'spread': {
      const known = FIELDS[field];
      if (known === undefined) written.note(`spread over ${field} is read as spread over zones`);
      return `spread[field=${known ?? 'zone'}]`;
    }
  }
}

function constraintText(written: EcsCursor): string {
  const type = written.get('type').oneOf(['distinctInstance', 'memberOf'], 'distinctInstance');
  return type === 'memberOf' ? `memberOf(${written.get('expression').text()})` : type;
}
