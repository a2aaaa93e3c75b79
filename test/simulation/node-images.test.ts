/** What nodes report of their images, and where that sends pods (kubernetes.md 1.9 ImageLocality, 2.3, 2.4). */

import { describe, expect, it } from 'vitest';
import { NO_INPUTS, experimentOf, runText } from '../support/run-scenario.ts';
import { ROUND } from './round-latencies.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../src/base/units.ts';
import { assemble } from '../../src/scenario/assemble.ts';

/** Two nodes of 4 cores; `model` runs at one minute and at 20. Between them the node that it ran on is half filled. */
function scenario({ sizeMb = 900, kubelet = '' } = {}): string {
  return `
name: node-images
seed: 3
duration: 30m
${ROUND.replace(/images:.*/, `  image.unpacked-factor: 1\nimages: { model: { size: ${sizeMb}MB } }`)}
workload:
  - service: { name: small, cpu: 500m, memory: 1GiB, replicas: 1 }
  - jobs: { name: learn, image: model, cpu: 500m, memory: 1GiB, arrivals: { at: [1m, 20m] }, duration: 30s }
  - jobs: { name: ballast, cpu: 2, memory: 2GiB, arrivals: { at: [5m] }, duration: 1h }
variants:
  it: { orchestrator: kubernetes, pools: { own: { external: { hosts: 2, cpu: 4, memory: 16GiB, costPerHour: 1 }${kubelet} } } }
`;
}

function hostsOfJobs(text: string): (string | null)[] {
  return [...runText(text).tasks]
    .filter(({ workload }) => workload === 'learn')
    .sort((a, b) => a.submittedUs - b.submittedUs)
    .map(({ host }) => host);
}

/** Names of the images that each node reports after so many seconds. */
function reportedAt(text: string, atS: number): string[][] {
  const { variants, seed } = experimentOf(text);
  const options = { recordDecisions: false, ownPolicies: [] };
  const { simulation, cluster } = assemble(variants[0]!, seed, NO_INPUTS, options);
  simulation.begin();
  while (simulation.kernel.calendar.nextTimeUs() <= atS * US_PER_SECOND) simulation.step();
  return [0, 1].map((host) => cluster.images.on(host).map((image) => cluster.images.names[image]!));
}

describe('images on nodes', () => {
  it('send a pod to the node that reports its image, although another is emptier', () => {
    // 900 MB = 858.3 MiB on 1 of 2 nodes: 100 (429.1 - 23) / 977 = 41 points; the ballast costs 19 of LeastAllocated and less of
    // the others.
    const [first, second] = hostsOfJobs(scenario());
    expect(first).not.toBe(null);
    expect(second).toBe(first);
  });

  it('send it nowhere when the image is too small to count', () => {
    // 40 MB = 38.1 MiB on 1 of 2 nodes: below 23 MiB, which is nothing.
    const [first, second] = hostsOfJobs(scenario({ sizeMb: 40 }));
    expect(second).not.toBe(first);
  });

  it('are reported 40 s after the pull has ended at the latest', () => {
    const text = scenario();
    // Submitted after 60 s, thought about for 0.5 s, heard of after 0.25 s, pulled for 1 + 9 + 18 s.
    const pulledS = 60 + 0.5 + 0.25 + 28;
    expect(reportedAt(text, pulledS)).toEqual([[], []]);
    expect(reportedAt(text, pulledS + 40)).toEqual([[], ['model:latest']]);
  });

  it('are gone from the report, and from the score, when the kubelet has collected them', () => {
    // 900 of 1,000 MB are 90 % of the disk; nobody uses the image after 2 min, so the next collection takes it.
    const text = scenario({ kubelet: ', kubelet: { imageDisk: 1000MB }' });
    const collectedS = (2 * 5 * US_PER_MINUTE) / US_PER_SECOND + 60;
    expect(reportedAt(text, 200)).toEqual([[], ['model:latest']]);
    expect(reportedAt(text, collectedS + 40)).toEqual([[], []]);
    const [first, second] = hostsOfJobs(text);
    expect(second).not.toBe(first);
  });
});
