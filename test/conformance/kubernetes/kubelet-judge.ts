/** Compares QoS class, OOM scores and the waits of a crash loop with the kubelet's own. */

import { PLAIN_POD } from '../../../src/cluster/pod-template.ts';
import { oomScoreAdjust, qosOf } from '../../../src/orchestration/kubernetes/node/oom-score.ts';
import { plainTaskSpec } from '../../../src/cluster/spec.ts';
import { restartAfterExit } from '../../../src/runtime/restart-backoff.ts';
import type { Amounts, ContainerTemplate } from '../../../src/cluster/pod-template.ts';
import type { Backoff } from '../../../src/runtime/restart-backoff.ts';
import type { BareContainer, KubeletCase } from './kubelet-case.ts';

interface KubeletAnswer {
  readonly qos: string;
  readonly adjusts: readonly number[];
  readonly waits: readonly number[];
}

const US_PER_SECOND = 1_000_000;

export function judgeKubelet(input: unknown, output: unknown): string | undefined {
  const { pod, capacity, runs } = input as KubeletCase;
  const real = output as KubeletAnswer;
  const { priority, containers, initContainers = [] } = pod.spec;
  const template = {
    ...PLAIN_POD,
    containers: containers.map(containerOf),
    initContainers: initContainers.map(containerOf),
  };
  const qos = qosOf({ ...plainTaskSpec('pod', 'service', 1, 1), pod: template }, Infinity);
  const adjusts = template.containers.map(({ requests }) =>
    oomScoreAdjust(qos, priority, requests['memory'] ?? 0, capacity),
  );
  const ours: KubeletAnswer = { qos, adjusts, waits: waitsOf(runs) };
  for (const key of ['qos', 'adjusts', 'waits'] as const) {
    const [mine, theirs] = [JSON.stringify(ours[key]), JSON.stringify(real[key])];
    if (mine !== theirs) return `${key}: ${mine}, really ${theirs}`;
  }
  return undefined;
}

/** Seconds from each exit to the start of the next run. */
function waitsOf(runs: readonly number[]): number[] {
  let backoff: Backoff | undefined;
  let nowUs = 0;
  return runs.map((runS) => {
    const exitedUs = nowUs + runS * US_PER_SECOND;
    backoff = restartAfterExit(backoff, exitedUs);
    nowUs = backoff.restartedUs;
    return (nowUs - exitedUs) / US_PER_SECOND;
  });
}

function containerOf({ name, resources }: BareContainer): ContainerTemplate {
  const { requests, limits } = resources;
  const parts = { requests: amountsOf(requests), limits: amountsOf(limits) };
  return { name, image: '', ...parts, hostPorts: [], isSidecar: false };
}

function amountsOf(stated: Readonly<Record<string, string>>): Amounts {
  return Object.fromEntries(
    Object.entries(stated).map(([name, text]) => [name, Number(text.replace('m', ''))]),
  );
}
