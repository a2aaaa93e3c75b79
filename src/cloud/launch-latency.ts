/**
 * How long a launch takes: three steps, each a parameter with its own lognormal noise. Times count from the request.
 *
 *   kind         accepted (pending)    running                     ready
 *   ec2-ecs      launch call           pending -> running          agent registered
 *   ec2-eks      launch call           pending -> running          node Ready
 *   fargate-ecs  control plane         network interface           micro-VM up: the image pull may start
 *   fargate-eks  control plane         network interface           micro-VM up and its node Ready
 *
 * An EC2 host is billed from `runningUs`; Fargate from `readyUs`, the start of the image pull.
 * Source  aws.md 4.5, 9. Same launch, same latency: drawn by (seed, kind and step, ordinal).
 */

import type { AssumedParameters } from './assumptions.ts';
import { noisyLatencyUs } from './latency-noise.ts';

export type LaunchKind = 'ec2-ecs' | 'ec2-eks' | 'fargate-ecs' | 'fargate-eks';

export interface LaunchLatency {
  readonly acceptedUs: number;
  readonly runningUs: number;
  readonly readyUs: number;
}

export function launchLatency(
  kind: LaunchKind,
  parameters: AssumedParameters,
  seed: string | number,
  ordinal: number,
): LaunchLatency {
  const sigma = parameters.get('latency.noise-sigma');
  const medianUs = medianStepsUs(kind, parameters);
  const step = (name: keyof LaunchLatency): number =>
    noisyLatencyUs(medianUs[name], sigma, seed, `launch/${kind}/${name}`, ordinal);
  const acceptedUs = step('acceptedUs');
  const runningUs = acceptedUs + step('runningUs');
  return { acceptedUs, runningUs, readyUs: runningUs + step('readyUs') };
}

/** Terminate call to terminated. */
export function terminateLatencyUs(
  parameters: AssumedParameters,
  seed: string | number,
  ordinal: number,
): number {
  const sigma = parameters.get('latency.noise-sigma');
  const medianUs = parameters.us('launch.ec2-terminate-s');
  return noisyLatencyUs(medianUs, sigma, seed, 'terminate/ec2', ordinal);
}

/** The length of each step, not yet added up. */
function medianStepsUs(kind: LaunchKind, parameters: AssumedParameters): LaunchLatency {
  if (kind === 'ec2-ecs' || kind === 'ec2-eks') {
    return {
      acceptedUs: parameters.us('launch.ec2-accepted-s'),
      runningUs: parameters.us('launch.ec2-pending-to-running-s'),
      readyUs: parameters.us(
        kind === 'ec2-ecs' ? 'launch.ecs-running-to-registered-s' : 'launch.eks-running-to-ready-s',
      ),
    };
  }
  const joinUs = kind === 'fargate-eks' ? parameters.us('launch.fargate-node-join-s') : 0;
  return {
    acceptedUs: parameters.us('launch.fargate-control-plane-s'),
    runningUs: parameters.us('launch.fargate-eni-s'),
    readyUs: parameters.us('launch.fargate-micro-vm-s') + joinUs,
  };
}
