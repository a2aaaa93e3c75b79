/**
 * The scenario that task definitions and services of ECS make: a text to read and to edit.
 *
 * Entries     a service for each workload; a task definition without a service runs as a service of one task. What no
 *             definition states (use of CPU, sizes of images) is written out and marked as assumed.
 * Variants    one for each launch type: EC2 behind a capacity provider, Fargate, External. A workload that a launch type
 *             cannot run is placed on EC2 beside it, and the reasons are said.
 */

import { findInstanceType } from '../../cloud/catalogue.ts';
import { formatBytes, formatCpu } from '../../base/quantity.ts';
import { US_PER_HOUR } from '../../base/units.ts';
import { scenarioText } from './scenario-text.ts';
import type { EcsFiles, EcsWorkload } from '../../workload/ecs/ecs-files.ts';
import type { EcsLaunchType } from '../../workload/ecs/task-definition.ts';
import type { WrittenEntry } from './workload-entries.ts';

const RUN_US = 6 * US_PER_HOUR;
const LAUNCH_TYPES = ['ec2', 'fargate', 'external'] as const;
const INSTANCE_TYPE = 'm6i.xlarge';
const ARM_INSTANCE_TYPE = 'm6g.xlarge';

export interface RefusedWorkload {
  readonly name: string;
  readonly launchType: EcsLaunchType;
  readonly reasons: readonly string[];
}

export interface EcsScenario {
  readonly text: string;
  readonly names: readonly string[];
  readonly refused: readonly RefusedWorkload[];
}

interface Named {
  readonly name: string;
  readonly workload: EcsWorkload;
}

export function ecsScenario(
  files: EcsFiles,
  about: { readonly name: string; readonly origin: string },
): EcsScenario {
  const named = withNames(files.workloads);
  const entries = named.map(({ name, workload }) => serviceEntry(name, workload));
  const images = new Set(named.map(({ workload }) => workload.definition.spec.image));
  images.delete('');
  const refused = named.flatMap(({ name, workload }) =>
    LAUNCH_TYPES.flatMap((launchType) => {
      const reasons = obstaclesOf(workload, launchType);
      return reasons.length === 0 ? [] : [{ name, launchType, reasons }];
    }),
  );
  const text = scenarioText(about, RUN_US, [...images], entries, variantsOf(named));
  return { text, names: named.map(({ name }) => name), refused };
}

/** Names as a scenario wants them, each once. */
function withNames(workloads: readonly EcsWorkload[]): Named[] {
  const names = new Set<string>();
  return workloads.map((workload) => {
    const written = workload.service?.name ?? workload.definition.family;
    const plain = written
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '');
    let name = plain;
    for (let number = 2; names.has(name); number++) name = `${plain}-${number}`;
    names.add(name);
    return { name, workload };
  });
}

function serviceEntry(name: string, { definition, service }: EcsWorkload): WrittenEntry {
  const { spec, members } = definition;
  const { scaling } = service ?? {};
  const count = service?.desiredCount ?? 1;
  const isScaled = scaling !== undefined && scaling.max > scaling.min;
  const initial = Math.min(Math.max(count, scaling?.min ?? 0), scaling?.max ?? count);
  const hasTarget = isScaled && scaling.targetPercent !== undefined;
  return {
    kind: 'service',
    keys: {
      name,
      image: spec.image === '' ? undefined : spec.image,
      cpu: formatCpu(spec.cpuTicks),
      memory: formatBytes(spec.memoryBytes),
      gpu: spec.gpuCount === 0 ? undefined : spec.gpuCount,
      replicas: isScaled ? { min: scaling.min, max: scaling.max, initial } : count,
      scaling: hasTarget ? { target: `${scaling.targetPercent}%` } : undefined,
      usage: '50%',
      ecs: ecsKeys(members, definition.hasHealthCheck, service),
    },
    assumed: ['usage'],
    remarks: [
      ...(service === undefined ? ['no service has this task definition: run as one task'] : []),
      ...(service?.isDaemon === true ? ['a DAEMON service, written as replicas'] : []),
    ],
  };
}

function ecsKeys(
  members: readonly string[],
  hasHealthCheck: boolean,
  service: EcsWorkload['service'],
): object | undefined {
  const constraints = [
    ...members.map((expression) => `memberOf(${expression})`),
    ...(service?.constraints ?? []),
  ];
  const keys = {
    minimumHealthyPercent: service?.minimumHealthyPercent,
    maximumPercent: service?.maximumPercent,
    healthCheck: hasHealthCheck || service?.hasLoadBalancer === true ? true : undefined,
    circuitBreaker:
      service?.circuitBreaker === undefined
        ? undefined
        : { rollback: service.circuitBreaker.rollback },
    zoneRebalancing: service?.rebalancesZones,
    autoScaling: autoScalingOf(service),
    placementStrategy: listOrNone(service?.strategies ?? []),
    placementConstraints: listOrNone(constraints),
  };
  const stated = Object.entries(keys).filter(([, value]) => value !== undefined);
  return stated.length === 0 ? undefined : Object.fromEntries(stated);
}

/** Step policies, with target tracking beside them where there is any. */
function autoScalingOf(service: EcsWorkload['service']): object | undefined {
  const { steps = [], targetPercent } = service?.scaling ?? {};
  if (steps.length === 0) return undefined;
  const tracking =
    targetPercent === undefined ? [] : [{ target: { metric: { cpu: `${targetPercent}%` } } }];
  return { policies: [...tracking, ...steps.map((step) => ({ step: definedOf(step) }))] };
}

function definedOf(keys: object): object {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined));
}

function listOrNone(list: readonly string[]): readonly string[] | undefined {
  return list.length === 0 ? undefined : list;
}

function obstaclesOf({ definition, service }: EcsWorkload, launchType: EcsLaunchType): string[] {
  const reasons = [...definition.obstacles[launchType]];
  if (launchType === 'external' && service?.hasLoadBalancer === true) {
    reasons.push('a load balancer');
  }
  if (launchType === 'fargate' && service?.isDaemon === true) reasons.push('the DAEMON strategy');
  return reasons;
}

function variantsOf(named: readonly Named[]): Record<string, object> {
  const mayRun = (launchType: EcsLaunchType) => (one: Named) =>
    obstaclesOf(one.workload, launchType).length === 0;
  const variants: Record<string, object> = {
    'ecs-ec2': { orchestrator: 'ecs', pools: { base: ec2Pool(named) } },
  };
  const others = { fargate: { fargate: {} }, external: externalPool(named) } as const;
  for (const [launchType, pool] of Object.entries(others)) {
    const able = named.filter(mayRun(launchType as EcsLaunchType));
    if (able.length === 0) continue;
    const rest = named.filter((one) => !able.includes(one));
    const place = Object.fromEntries(rest.map(({ name }) => [name, 'beside']));
    variants[`ecs-${launchType}`] =
      rest.length === 0
        ? { orchestrator: 'ecs', pools: { base: pool } }
        : {
            clusters: [
              { name: launchType, orchestrator: 'ecs', pools: { base: pool } },
              { name: 'beside', orchestrator: 'ecs', pools: { base: ec2Pool(named) } },
            ],
            place,
          };
  }
  return variants;
}

/** Behind a capacity provider; in awsvpc mode where no task asks for another. */
function ec2Pool(named: readonly Named[]): object {
  const definitions = named.map(({ workload }) => workload.definition);
  const isArm = definitions.some(({ arch }) => arch === 'arm64');
  const hasInterfaces = definitions.every(({ networkMode }) => networkMode === 'awsvpc');
  return {
    asg: {
      instanceTypes: [isArm ? ARM_INSTANCE_TYPE : INSTANCE_TYPE],
      min: 1,
      max: hostsFor(named),
    },
    managedScaling: {},
    ...(hasInterfaces ? { agent: { networkMode: 'awsvpc', eniTrunking: true } } : {}),
  };
}

function externalPool(named: readonly Named[]): object {
  return {
    external: { hosts: hostsFor(named), cpu: 4, memory: '16GiB', costPerHour: 0.1 },
  };
}

/** Twice as many as all tasks fill, at least 3. */
function hostsFor(named: readonly Named[]): number {
  const { cpuTicks, memoryBytes } = findInstanceType(INSTANCE_TYPE)!;
  const filled = (of: (one: EcsWorkload) => number, room: number) =>
    named.reduce((sum, { workload }) => {
      const { desiredCount = 1, scaling } = workload.service ?? {};
      return sum + of(workload) * Math.max(desiredCount, scaling?.max ?? 0);
    }, 0) / room;
  const hosts = Math.max(
    filled(({ definition }) => definition.spec.cpuTicks, cpuTicks),
    filled(({ definition }) => definition.spec.memoryBytes, memoryBytes),
  );
  return Math.max(3, 2 * Math.ceil(hosts));
}
