/**
 * Files about ECS: task definitions and services as JSON (what is registered, and what the CLI prints), and CloudFormation
 * templates with `AWS::ECS::*` resources, in YAML or JSON. Documents are told apart by their keys.
 *
 * Joined    a service finds its task definition by family, or in a template by logical id, in whatever file; one that is not
 *           there is a fault. A family that comes twice is two revisions: a service has the last.
 * Skipped   resources that make no tasks are listed; scalable targets and scaling policies, with their alarms, set how a service is sized.
 */

import { ScenarioError } from '../../base/scenario-error.ts';
import { readYaml } from '../manifests/yaml-cursor.ts';
import { CLOUDFORMATION_TAGS } from './intrinsics.ts';
import { EcsCursor } from './ecs-cursor.ts';
import { serviceDefinition } from './service-definition.ts';
import { isAlarmOf, stepPolicy } from './step-policy.ts';
import { taskDefinition } from './task-definition.ts';
import type { EcsNote, EcsSource } from './ecs-cursor.ts';
import type { Fault } from '../../base/scenario-error.ts';
import type { NamedAlarm } from './step-policy.ts';
import type { ServiceDefinition } from './service-definition.ts';
import type { TaskDefinition } from './task-definition.ts';
import type { TemplateNames } from './intrinsics.ts';
import type { YamlCursor } from '../manifests/yaml-cursor.ts';

export interface EcsFile {
  readonly file: string;
  readonly text: string;
}

/** A task definition with the service that keeps it; without one it is run as a service of one task. */
export interface EcsWorkload {
  readonly definition: TaskDefinition;
  readonly service?: ServiceDefinition;
}

export interface EcsFiles {
  readonly workloads: readonly EcsWorkload[];
  readonly skipped: readonly { readonly type: string; readonly name: string }[];
  readonly notes: readonly EcsNote[];
}

const NO_NAMES: TemplateNames = { parameters: new Map(), resources: new Set() };

interface Draft {
  readonly all: TaskDefinition[];
  /** By family, the last of it, and in a template by logical id. */
  readonly definitions: Map<string, TaskDefinition>;
  readonly services: { readonly service: ServiceDefinition; readonly place: YamlCursor }[];
  readonly skipped: { type: string; name: string }[];
  readonly notes: EcsNote[];
}

/** Throws ScenarioError with all faults. */
export function readEcsFiles(files: readonly EcsFile[]): EcsFiles {
  const faults: Fault[] = [];
  const draft: Draft = {
    all: [],
    definitions: new Map(),
    services: [],
    skipped: [],
    notes: [],
  };
  for (const { file, text } of files) {
    for (const root of readYaml(file, text, faults, CLOUDFORMATION_TAGS)) takeRoot(root, draft);
  }
  const workloads = joined(draft);
  if (faults.length > 0) throw new ScenarioError(faults);
  return { workloads, skipped: draft.skipped, notes: draft.notes };
}

function takeRoot(root: YamlCursor, draft: Draft): void {
  const has = (key: string) => root.isMap && !root.get(key).isAbsent;
  const source: EcsSource = { names: NO_NAMES, notes: draft.notes };
  if (has('Resources')) takeTemplate(root, draft);
  else if (has('taskDefinition') && root.get('taskDefinition').isMap) {
    takeDefinition(new EcsCursor(root.get('taskDefinition'), source), draft);
  } else if (has('containerDefinitions')) takeDefinition(new EcsCursor(root, source), draft);
  else if (has('services')) {
    for (const one of root.get('services').items()) takeService(new EcsCursor(one, source), draft);
  } else if (has('service') && root.get('service').isMap) {
    takeService(new EcsCursor(root.get('service'), source), draft);
  } else if (has('serviceName')) takeService(new EcsCursor(root, source), draft);
  else {
    root.faultSaying(
      'expected a task definition, a service or a CloudFormation template with AWS::ECS resources',
    );
  }
}

function takeDefinition(written: EcsCursor, draft: Draft, logicalId?: string): void {
  const definition = taskDefinition(written);
  draft.all.push(definition);
  draft.definitions.set(definition.family, definition);
  if (logicalId !== undefined) draft.definitions.set(keyOf(written.cursor, logicalId), definition);
}

function takeService(written: EcsCursor, draft: Draft, logicalId?: string): ServiceDefinition {
  const service = serviceDefinition(written, logicalId);
  draft.services.push({ service, place: written.cursor });
  return service;
}

/** Logical ids are names within their file. */
function keyOf(cursor: YamlCursor, logicalId: string): string {
  return `${cursor.file}#${logicalId}`;
}

function takeTemplate(root: YamlCursor, draft: Draft): void {
  const resources = root.get('Resources').entries();
  const names: TemplateNames = {
    parameters: new Map(
      root
        .get('Parameters')
        .entries()
        .map(([name, parameter]) => [name, parameter.get('Default').raw]),
    ),
    resources: new Set(resources.map(([name]) => name)),
  };
  const source: EcsSource = { names, notes: draft.notes };
  const services = new Map<string, ServiceDefinition>();
  const scalers: Scaler[] = [];
  const alarms: NamedAlarm[] = [];
  for (const [name, resource] of resources) {
    const type = resource.get('Type').text();
    const properties = new EcsCursor(resource.get('Properties'), source);
    if (type === 'AWS::ECS::TaskDefinition') takeDefinition(properties, draft, name);
    else if (type === 'AWS::ECS::Service') {
      services.set(name, takeService(properties, draft, fallbackName(name, root.file)));
    } else if (type.startsWith('AWS::ApplicationAutoScaling::')) {
      scalers.push({ name, type, written: properties });
    } else if (type === 'AWS::CloudWatch::Alarm') alarms.push({ name, written: properties });
    else draft.skipped.push({ type, name });
  }
  // One service to a template is how they are written; of several, the target names its own.
  const used = new Set<string>();
  for (const scaler of scalers) takeScaler(scaler, services, alarms, used);
  for (const { name } of alarms) {
    if (!used.has(name)) draft.skipped.push({ type: 'AWS::CloudWatch::Alarm', name });
  }
}

/** A resource that is just called Service is better known by its folder. */
function fallbackName(logicalId: string, file: string): string {
  const folder = file.split('/').at(-2);
  return logicalId === 'Service' && folder !== undefined ? folder : logicalId;
}

interface Scaler {
  readonly name: string;
  readonly type: string;
  readonly written: EcsCursor;
}

function takeScaler(
  { name, type, written }: Scaler,
  services: ReadonlyMap<string, ServiceDefinition>,
  alarms: readonly NamedAlarm[],
  used: Set<string>,
): void {
  const target = written.get('resourceId').text();
  const [only] = services.values();
  const named = [...services].find(([one]) => target.includes(one))?.[1];
  const service = named ?? (services.size === 1 ? only : undefined);
  if (service === undefined) return;
  if (type.endsWith('ScalableTarget')) {
    const min = written.get('minCapacity').whole(1);
    const max = Math.max(min, written.get('maxCapacity').whole(min));
    service.scaling = { ...service.scaling, min, max };
    return;
  }
  const { desiredCount: count } = service;
  const bounds = { min: count, max: count, ...service.scaling };
  const tracking = written.get('targetTrackingScalingPolicyConfiguration');
  if (tracking.isAbsent) {
    const alarm = alarms.find((one) => isAlarmOf(one, name));
    const step = alarm && stepPolicy(written, alarm.written);
    if (step === undefined) {
      written.note('a step scaling policy without an alarm on CPU or memory here is not read');
      return;
    }
    used.add(alarm!.name);
    service.scaling = { ...bounds, steps: [...(bounds.steps ?? []), step] };
    return;
  }
  const targetPercent = tracking.get('targetValue').whole(70);
  service.scaling = { ...bounds, targetPercent };
}

function joined({ all, definitions, services }: Draft): EcsWorkload[] {
  const workloads: EcsWorkload[] = [];
  const kept = new Set<TaskDefinition>();
  for (const { service, place } of services) {
    const definition =
      definitions.get(keyOf(place, service.family)) ?? definitions.get(service.family);
    if (definition === undefined) {
      place.faultSaying(`expected the task definition ${service.family} in these files`);
      continue;
    }
    kept.add(definition);
    workloads.push({ definition, service });
  }
  for (const definition of all) {
    if (!kept.has(definition)) workloads.push({ definition });
  }
  return workloads;
}
