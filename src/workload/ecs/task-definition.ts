/**
 * A task definition as registered with AWS: what a task asks for, and on which launch types it cannot run.
 *
 * Demand      task-level CPU and memory where they are stated; else the containers' CPU together, and for each container its
 *             memoryReservation, or its memory where it reserves none (aws.md 3.2, worked value 10.2.8).
 * Images      that of the first essential container is what is pulled; the others are noted.
 * Fargate     what it cannot run is said in words (aws.md 4.2); sizes must be a row of its table (aws.md 4.1).
 * External    no awsvpc, no EFS, no Windows (aws.md 7.1).
 */

import { MIB, TICKS_PER_CORE, TICKS_PER_ECS_UNIT } from '../../base/units.ts';
import { isExactFargateSize } from '../../cloud/fargate-sizes.ts';
import { plainTaskSpec } from '../../cluster/spec.ts';
import type { EcsCursor } from './ecs-cursor.ts';
import type { TaskSpec } from '../../cluster/spec.ts';

const NETWORK_MODES = ['bridge', 'host', 'awsvpc', 'none', 'default'] as const;
type NetworkMode = (typeof NETWORK_MODES)[number];

export type EcsLaunchType = 'ec2' | 'fargate' | 'external';

export interface TaskDefinition {
  readonly family: string;
  readonly spec: TaskSpec;
  readonly networkMode: NetworkMode;
  readonly arch: 'amd64' | 'arm64';
  /** Expressions of `memberOf` constraints. */
  readonly members: readonly string[];
  /** Why it cannot run there, in words; empty where it can. */
  readonly obstacles: Readonly<Record<EcsLaunchType, readonly string[]>>;
  /** A health check of an essential container is stated. */
  readonly hasHealthCheck: boolean;
}

export function taskDefinition(written: EcsCursor): TaskDefinition {
  const family = written.get('family').text();
  if (family === '') written.get('family').cursor.fault('a family');
  const containers = written.get('containerDefinitions').items();
  if (containers.length === 0) {
    written.get('containerDefinitions').cursor.fault('at least one container');
  }
  const taskCpu = cpuTicksOf(written.get('cpu'));
  const taskMemory = memoryBytesOf(written.get('memory'));
  const cpuTicks = taskCpu || sumOf(containers, (one) => cpuTicksOf(one.get('cpu')));
  const memoryBytes = taskMemory || sumOf(containers, containerMemory);
  const essential = containers.filter((one) => one.get('essential').flag(true));
  const [first = containers[0]] = essential;
  const spec: TaskSpec = {
    ...plainTaskSpec(family, 'service', cpuTicks, memoryBytes),
    image: first?.get('image').text() ?? '',
    gpuCount: sumOf(containers, gpusOf),
    gpuMilli: containers.some((one) => gpusOf(one) > 0) ? 1_000 : 0,
    fargateExact: taskCpu > 0 && taskMemory > 0,
  };
  noteOtherImages(written, containers, first);
  const networkMode = written.get('networkMode').oneOf(NETWORK_MODES, 'bridge');
  const platform = written.get('runtimePlatform');
  const arch = platform.get('cpuArchitecture').text() === 'ARM64' ? 'arm64' : 'amd64';
  const isWindows = platform.get('operatingSystemFamily').text().startsWith('WINDOWS');
  const constraints = written.get('placementConstraints').items();
  return {
    family,
    spec,
    networkMode,
    arch,
    members: constraints
      .filter((one) => one.get('type').text() === 'memberOf')
      .map((one) => one.get('expression').text()),
    obstacles: {
      ec2: spec.memoryBytes === 0 ? ['states no memory'] : [],
      fargate: [
        ...fargateObstacles(written, spec, networkMode, isWindows),
        ...containers.flatMap(containerObstacles),
      ],
      external: externalObstacles(written, networkMode, isWindows),
    },
    hasHealthCheck: essential.some((one) => !one.get('healthCheck').isAbsent),
  };
}

/** `256`, `1024`, `1 vCPU` or `.25 vCPU`, as a task or a container may state it. */
function cpuTicksOf(written: EcsCursor): number {
  const text = written.text('0').trim();
  const cores = /^(\d*\.?\d+)\s*vcpu$/i.exec(text)?.[1];
  if (cores !== undefined) return Math.round(Number(cores) * TICKS_PER_CORE);
  if (/^\d+$/.test(text)) return Number(text) * TICKS_PER_ECS_UNIT;
  written.cursor.fault('CPU units such as 256, or vCPUs such as "1 vCPU"');
  return 0;
}

/** `512` MiB, `0.5 GB` or `1GB`; AWS's GB are GiB here. */
function memoryBytesOf(written: EcsCursor): number {
  const text = written.text('0').trim();
  const gib = /^(\d*\.?\d+)\s*gb$/i.exec(text)?.[1];
  if (gib !== undefined) return Math.round(Number(gib) * 1_024) * MIB;
  if (/^\d+$/.test(text)) return Number(text) * MIB;
  written.cursor.fault('MiB such as 512, or GB such as "1GB"');
  return 0;
}

function containerMemory(container: EcsCursor): number {
  return (
    memoryBytesOf(container.get('memoryReservation')) || memoryBytesOf(container.get('memory'))
  );
}

function gpusOf(container: EcsCursor): number {
  return sumOf(container.get('resourceRequirements').items(), (one) =>
    one.get('type').text() === 'GPU' ? Number(one.get('value').text('0')) : 0,
  );
}

function noteOtherImages(
  written: EcsCursor,
  containers: readonly EcsCursor[],
  first: EcsCursor | undefined,
): void {
  const others = containers.filter((one) => one !== first);
  if (others.length === 0) return;
  const names = others.map((one) => one.get('name').text()).join(', ');
  written.note(
    `${written.get('family').text()}: ${names} count in CPU and memory; only the image of ${first?.get('name').text()} is pulled`,
  );
}

function fargateObstacles(
  written: EcsCursor,
  spec: TaskSpec,
  networkMode: NetworkMode,
  isWindows: boolean,
): string[] {
  const compatibilities = written.get('requiresCompatibilities').items();
  const isAsked = compatibilities.some((one) => one.text() === 'FARGATE');
  const { cpuTicks, memoryBytes } = spec;
  return obstacles([
    [!isAsked, 'requiresCompatibilities does not name FARGATE'],
    [networkMode !== 'awsvpc', `network mode ${networkMode}: Fargate has awsvpc alone`],
    [!spec.fargateExact, 'no CPU and memory of the whole task'],
    [
      spec.fargateExact && !isExactFargateSize(cpuTicks, memoryBytes),
      `no size with ${cpuTicks / TICKS_PER_CORE} vCPU and ${memoryBytes / MIB} MiB`,
    ],
    [spec.gpuCount > 0, 'GPUs'],
    [written.get('placementConstraints').items().length > 0, 'placement constraints'],
    [written.get('ipcMode').text() === 'host', 'the IPC of the host'],
    [hasDockerVolume(written), 'Docker volumes'],
    [isWindows && cpuTicks < TICKS_PER_CORE, 'less than 1 vCPU on Windows'],
  ]);
}

function containerObstacles(container: EcsCursor): string[] {
  const linux = container.get('linuxParameters');
  const added = linux.get('capabilities').get('add').items();
  const isStated = (key: string) => !container.get(key).isAbsent;
  return obstacles([
    [container.get('privileged').flag(false), 'a privileged container'],
    [container.get('links').items().length > 0, 'links between containers'],
    [isStated('extraHosts'), 'extra hosts'],
    [isStated('dnsServers') || isStated('dnsSearchDomains'), 'DNS servers of its own'],
    [!linux.get('devices').isAbsent, 'devices of the host'],
    [!linux.get('tmpfs').isAbsent, 'tmpfs'],
    [!linux.get('sharedMemorySize').isAbsent, 'a size of shared memory'],
    [added.some((one) => one.text() !== 'SYS_PTRACE'), 'added capabilities'],
  ]);
}

function externalObstacles(
  written: EcsCursor,
  networkMode: NetworkMode,
  isWindows: boolean,
): string[] {
  const volumes = written.get('volumes').items();
  const hasEfs = volumes.some((one) => !one.get('efsVolumeConfiguration').isAbsent);
  return obstacles([
    [networkMode === 'awsvpc', 'network mode awsvpc'],
    [hasEfs, 'EFS volumes'],
    [isWindows, 'Windows'],
    [!written.get('proxyConfiguration').isAbsent, 'App Mesh'],
  ]);
}

function hasDockerVolume(written: EcsCursor): boolean {
  return written
    .get('volumes')
    .items()
    .some(
      (one) =>
        !one.get('dockerVolumeConfiguration').isAbsent ||
        !one.get('host').get('sourcePath').isAbsent,
    );
}

function obstacles(list: readonly (readonly [boolean, string])[]): string[] {
  return list.filter(([isThere]) => isThere).map(([, words]) => words);
}

function sumOf<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((sum, one) => sum + of(one), 0);
}
