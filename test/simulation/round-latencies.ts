/** Latencies without noise and in round numbers, so that every instant of a life can be written as a sum. */
export const ROUND = `
assumptions:
  latency.noise-sigma: 0
  container.start-s: 2
  container.stop-s: 3
  pull.round-trips-s: 1
  pull.ec2-bytes-per-s: 100000000
  pull.external-bytes-per-s: 100000000
  pull.fargate-bytes-per-s: 100000000
  pull.unpack-bytes-per-s: 50000000
  kubernetes.schedule-think-s: 0.5
  kubernetes.bind-s: 0.25
  launch.ec2-accepted-s: 5
  launch.ec2-pending-to-running-s: 15
  launch.ecs-running-to-registered-s: 40
  launch.eks-running-to-ready-s: 30
  launch.ec2-terminate-s: 50
  launch.fargate-control-plane-s: 10
  launch.fargate-eni-s: 8
  launch.fargate-micro-vm-s: 12
  launch.fargate-node-join-s: 15
images: { app: { size: 300MB } }
`;

/** Pull of `app`: round trips, download, unpacking. */
export const PULL_S = 1 + 300 / 100 + 300 / 50;
export const START_S = 2;
export const STOP_S = 3;

const US_PER_SECOND = 1_000_000;

export function seconds(timeUs: number | null): number | null {
  return timeUs === null ? null : timeUs / US_PER_SECOND;
}
