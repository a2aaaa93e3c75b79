/** What becomes of pods when EC2 wants their node back (aws.md 1.22, 2.2, 2.10). */

import { describe, expect, it } from 'vitest';
import { ROUND, STOP_S, seconds } from './round-latencies.ts';
import { runText } from '../support/run-scenario.ts';

/** The kubelet tells that a pod is gone. */
const CONFIRM_S = 1;
const NOTICE_S = 120;

const BANDS = Array.from({ length: 5 }, (_, i) => `  spot.band-${i}-monthly-probability: 0.999`);
const GROUP = 'asg: { instanceTypes: [m6i.large], min: 1, max: 1, capacityType: spot }';
const KARPENTER = 'karpenter: { instanceTypes: [m6i.large], capacityTypes: [spot] }';

/** When the pods of the first spot node end, since its notice. */
function afterNotice(pool: string, budget = '') {
  const { tasks, decisions, hosts } = runText(
    `
name: notices
seed: 1
duration: 600h
sampling: 50h
${ROUND.replace('images:', `${BANDS.join('\n')}\nimages:`)}
workload:
  - service: { name: web, cpu: 100m, memory: 128MiB${budget} }
  - jobs: { name: long, cpu: 100m, memory: 128MiB, arrivals: { at: [0s] }, duration: 2000h }
variants: { it: { orchestrator: kubernetes, pools: { base: { ${pool} } } } }
`,
    true,
  );
  const notice = decisions.find(({ decision }) => decision === 'interrupt')!;
  const host = [...hosts].find((one) => notice.subject === one.host)!;
  const endOf = (name: string) => {
    const { finishedUs, reason } = tasks.find(
      (task) =>
        task.host === host.host && task.workload === name && task.finishedUs! > notice.timeUs,
    )!;
    return [Math.round(seconds(finishedUs! - notice.timeUs)!), reason];
  };
  return { web: endOf('web'), long: endOf('long') };
}

const EVICTED = [STOP_S + CONFIRM_S, 'spot-interruption'];
const TAKEN = [NOTICE_S, 'spot-interruption'];

describe('a spot node that EC2 wants back', () => {
  it('runs its pods until it is taken where nobody in the cluster listens', () => {
    expect(afterNotice(GROUP)).toEqual({ web: TAKEN, long: TAKEN });
  });

  it('is emptied of all its pods by a node termination handler', () => {
    expect(afterNotice(`${GROUP}, terminationHandler: true`)).toEqual({
      web: EVICTED,
      long: EVICTED,
    });
  });

  it('is emptied by Karpenter without being told to', () => {
    expect(afterNotice(KARPENTER)).toEqual({ web: EVICTED, long: EVICTED });
  });

  it('keeps a pod whose budget lets none go, until it is taken', () => {
    const budget = ', disruptionBudget: { maxUnavailable: 0 }';
    expect(afterNotice(`${GROUP}, terminationHandler: true`, budget)).toEqual({
      web: TAKEN,
      long: EVICTED,
    });
  });
});
