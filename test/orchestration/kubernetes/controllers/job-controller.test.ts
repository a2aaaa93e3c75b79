/** Jobs kept by their controllers: a hand-built world in which pods end when the test says so. */

import { describe, expect, it } from 'vitest';
import { ActionBuffer } from '../../../../src/orchestration/actions.ts';
import { FixedSupply } from '../../../../src/orchestration/kubernetes/controllers/fixed-supply.ts';
import { JobController } from '../../../../src/orchestration/kubernetes/controllers/job-controller.ts';
import { NEVER } from '../../../../src/base/units.ts';
import { NO_ROW } from '../../../../src/cluster/hosts.ts';
import { PLAIN_JOB } from '../../../../src/orchestration/kubernetes/controllers/job-run.ts';
import { SinglePodJobs } from '../../../../src/orchestration/kubernetes/controllers/single-pod-jobs.ts';
import { TASK_STATE } from '../../../../src/cluster/tasks.ts';
import { World } from '../../../support/world.ts';
import { endReasons } from '../../../../src/base/reason-code.ts';
import { parseCron } from '../../../../src/base/cron-schedule.ts';
import type { Controller } from '../../../../src/orchestration/controller.ts';
import type { CronRule } from '../../../../src/orchestration/kubernetes/controllers/job-controller.ts';
import type { EndReason } from '../../../../src/base/reasons.ts';
import type { JobOptions } from '../../../../src/orchestration/kubernetes/controllers/job-run.ts';

const SECOND_US = 1_000_000;

class Jobs {
  readonly world = new World('kubernetes');
  readonly work = this.world.addWorkload('work', 'job', 1_000, 1_000);
  readonly host = this.world.addHost(this.world.addPool('hosts', ['m6i.24xlarge']));
  readonly gaveUp: string[] = [];
  private controller: Controller | undefined;

  /** One Job at 0, or Jobs by a clock. */
  start(options: Partial<JobOptions>, cron?: CronRule): this {
    const spec = this.world.cluster.workloads.spec[this.work]!;
    const supply = new FixedSupply(spec, NEVER, cron === undefined ? 0 : NEVER);
    const job = { workload: this.work, options: { ...PLAIN_JOB, ...options }, supply };
    const jobs = [cron === undefined ? job : { ...job, cron }];
    return this.keep(new JobController(this.world.cluster, jobs, 0, 'seed'));
  }

  keep(controller: Controller): this {
    this.controller = controller;
    return this;
  }

  get wakeAtS(): number {
    return this.controller!.wakeAtUs / SECOND_US;
  }

  /** Wakes the controller until it rests, at a second. */
  wake(atS: number): this {
    const { world } = this;
    world.nowUs = atS * SECOND_US;
    const out = new ActionBuffer();
    this.controller!.wake(world.nowUs, out);
    for (const action of out.actions) {
      if (action.kind === 'give-up') this.gaveUp.push(action.why);
      else if (action.kind === 'stop-task') this.stop(action.task, action.reason);
      else if (action.kind === 'create-task') {
        const { spec = 0, durationUs = 0, workTickUs = 0, place } = action.run!;
        const task = { spec, workload: this.work, replaces: NO_ROW, durationUs, workTickUs, place };
        const row = world.ledger.addTask(task, NO_ROW, world.nowUs);
        world.bind(row, this.host);
        world.cluster.tasks.state[row] = TASK_STATE.running;
      }
    }
    return this;
  }

  stop(task: number, reason: EndReason): void {
    this.world.cluster.tasks.reason[task] = endReasons.codeOf(reason);
    this.world.ledger.markStopping(task, this.world.nowUs);
  }

  end(
    task: number,
    state: 'completed' | 'failed' | 'cancelled' = 'completed',
    reason: EndReason = 'completed',
  ): void {
    this.world.ledger.end(task, TASK_STATE[state], endReasons.codeOf(reason), this.world.nowUs);
  }

  /** Rows of pods that are running and not leaving, by their ordinals. */
  get running(): Record<number, number> {
    const { tasks } = this.world.cluster;
    const rows: Record<number, number> = {};
    for (let task = 0; task < tasks.count; task++) {
      const isRunning = tasks.state[task] === TASK_STATE.running && tasks.stopping[task] === 0;
      if (isRunning) rows[tasks.ordinal[task]!] = task;
    }
    return rows;
  }

  get ordinals(): number[] {
    return Object.keys(this.running).map(Number);
  }
}

const THREE_OF_SEVEN = { parallelism: 3, completions: 7 };

describe('a Job (kubernetes.md 3.5)', () => {
  it('looks at its pods one second after the first of them ended', () => {
    const jobs = new Jobs().start(THREE_OF_SEVEN).wake(0);
    expect(jobs.ordinals).toEqual([0, 1, 2]);
    jobs.world.nowUs = 60 * SECOND_US;
    jobs.end(jobs.running[1]!);
    jobs.wake(60);
    expect([jobs.ordinals, jobs.wakeAtS]).toEqual([[0, 2], 61]);
    expect(jobs.wake(61).ordinals).toEqual([0, 2, 3]);
  });

  it('pitfall 8.18: counts a pod that is leaving as failed at once, and replaces it after the back-off (3.5)', () => {
    const jobs = new Jobs().start(THREE_OF_SEVEN).wake(0);
    jobs.stop(jobs.running[1]!, 'drained');
    expect(jobs.wake(0).wakeAtS).toBe(1);
    expect(jobs.wake(1).wakeAtS).toBe(10);
    // The pod that is leaving is still there.
    expect(jobs.wake(10).ordinals).toEqual([0, 1, 2]);
    expect(jobs.world.cluster.workloads.stopping[jobs.work]).toBe(1);
  });

  it('waits for the pod to be gone where only failed pods are replaced', () => {
    const jobs = new Jobs().start({ ...THREE_OF_SEVEN, podReplacement: 'Failed' }).wake(0);
    const leaving = jobs.running[1]!;
    jobs.stop(leaving, 'drained');
    expect(jobs.wake(5).wakeAtS).toBe(NEVER);
    jobs.world.nowUs = 30 * SECOND_US;
    jobs.end(leaving, 'cancelled', 'drained');
    jobs.wake(30).wake(31);
    expect([jobs.ordinals, jobs.wakeAtS]).toEqual([[0, 2], 40]);
    expect(jobs.wake(40).ordinals).toEqual([0, 1, 2]);
  });

  it('gives up when more pods failed than its limit, and stops those that are left', () => {
    const jobs = new Jobs().start({ parallelism: 2, completions: 2, backoffLimit: 1 }).wake(0);
    jobs.end(jobs.running[0]!, 'failed', 'out-of-memory');
    jobs.wake(0).wake(1).wake(10);
    expect(jobs.ordinals).toEqual([0, 1]);
    jobs.end(jobs.running[0]!, 'failed', 'out-of-memory');
    jobs.wake(10).wake(11);
    expect([jobs.ordinals, jobs.gaveUp, jobs.wakeAtS]).toEqual([[], ['backoff-limit'], NEVER]);
  });

  it('ends at its deadline', () => {
    const jobs = new Jobs().start({
      parallelism: 2,
      completions: 2,
      activeDeadlineUs: 90 * SECOND_US,
    });
    expect(jobs.wake(0).wakeAtS).toBe(90);
    expect(jobs.wake(90).ordinals).toEqual([]);
    expect(jobs.gaveUp).toEqual(['deadline']);
  });

  it('ignores failures that its policy tells it to ignore', () => {
    const jobs = new Jobs().start({
      backoffLimit: 0,
      podFailureRules: [
        {
          action: 'Ignore',
          tests: [{ kind: 'condition', type: 'DisruptionTarget', status: 'True' }],
        },
      ],
    });
    jobs.wake(0);
    jobs.stop(jobs.running[0]!, 'drained');
    jobs.wake(0).wake(1).wake(10);
    expect([jobs.ordinals, jobs.gaveUp]).toEqual([[0], []]);
    jobs.end(jobs.running[0]!, 'failed', 'essential-container-exited');
    jobs.wake(20).wake(21);
    expect(jobs.gaveUp).toEqual(['backoff-limit']);
  });

  it('with limits for each index goes on with the others when one failed', () => {
    const jobs = new Jobs().start({
      completionMode: 'Indexed',
      parallelism: 2,
      completions: 3,
      backoffLimit: 2_147_483_647,
      backoffLimitPerIndex: 0,
    });
    jobs.wake(0);
    jobs.end(jobs.running[0]!, 'failed', 'out-of-memory');
    jobs.wake(0).wake(1);
    expect(jobs.ordinals).toEqual([1, 2]);
    for (const task of Object.values(jobs.running)) jobs.end(task);
    jobs.wake(2).wake(3);
    expect([jobs.gaveUp, jobs.wakeAtS]).toEqual([['failed-indexes'], NEVER]);
  });

  it('as a work queue is done when one pod succeeded and the others are gone', () => {
    const { completions: _none, ...queue } = { ...PLAIN_JOB, parallelism: 2 };
    const jobs = new Jobs();
    const spec = jobs.world.cluster.workloads.spec[jobs.work]!;
    const supply = new FixedSupply(spec, NEVER, 0);
    const workload = { workload: jobs.work, options: queue, supply };
    jobs.keep(new JobController(jobs.world.cluster, [workload], 0, 'seed')).wake(0);
    jobs.end(jobs.running[1]!);
    expect(jobs.wake(5).wake(6).ordinals).toEqual([0]);
    jobs.end(jobs.running[0]!, 'failed', 'out-of-memory');
    jobs.wake(7).wake(8);
    expect([jobs.ordinals, jobs.gaveUp, jobs.wakeAtS]).toEqual([[], [], NEVER]);
  });
});

describe('a CronJob (kubernetes.md 3.6)', () => {
  const everyMinute = (concurrency: CronRule['concurrency']): CronRule => {
    const schedule = parseCron('* * * * *');
    if (typeof schedule === 'string') throw new Error(schedule);
    const history = { succeededHistoryLimit: 3, failedHistoryLimit: 1 };
    return { schedule, startingDeadlineUs: NEVER, concurrency, ...history };
  };

  it('looks at the clock 100 ms after its times, and starts a Job at each', () => {
    const jobs = new Jobs().start({}, everyMinute('Allow')).wake(0);
    expect([jobs.ordinals, jobs.wakeAtS]).toEqual([[], 60.1]);
    expect(jobs.wake(60.1).ordinals).toEqual([0]);
    expect(jobs.wake(120.1).ordinals).toEqual([0, 1]);
  });

  it('with Forbid starts none while the last one runs, and the missed one when it has ended', () => {
    const jobs = new Jobs().start({}, everyMinute('Forbid')).wake(0).wake(60.1).wake(120.1);
    expect(jobs.ordinals).toEqual([0]);
    jobs.end(jobs.running[0]!);
    jobs.wake(130).wake(131);
    expect(jobs.ordinals).toEqual([]);
    expect(jobs.wake(180.1).ordinals).toEqual([1]);
  });

  it('with Replace stops the last one', () => {
    const jobs = new Jobs().start({}, everyMinute('Replace')).wake(0).wake(60.1).wake(120.1);
    expect(jobs.ordinals).toEqual([1]);
    expect(jobs.gaveUp).toEqual([]);
  });
});

describe('a Job of one pod from a stream or a trace (kubernetes.md 3.5)', () => {
  function stream(): Jobs {
    const jobs = new Jobs();
    const options = { cluster: 0, others: new Set<number>() };
    return jobs.keep(new SinglePodJobs(jobs.world.cluster, options));
  }

  it('is submitted again 10 s, 20 s, 40 s ... after its pod failed, whole and under its old number', () => {
    const jobs = stream();
    const { tasks } = jobs.world.cluster;
    jobs.world.addRunning(jobs.work, jobs.host);
    jobs.world.cluster.tasks.state[0] = TASK_STATE.running;
    const waits: number[] = [];
    for (let failure = 1, atS = 0; failure <= 6; failure++) {
      jobs.world.nowUs = atS * SECOND_US;
      jobs.end(jobs.running[0]!, 'failed', 'out-of-memory');
      jobs.wake(atS);
      waits.push(jobs.wakeAtS - atS);
      atS = jobs.wakeAtS;
      jobs.wake(atS);
      expect(tasks.origin[jobs.running[0]!]).toBe(0);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320]);
    jobs.end(jobs.running[0]!, 'failed', 'out-of-memory');
    jobs.wake(700);
    expect([jobs.gaveUp, jobs.wakeAtS]).toEqual([['backoff-limit'], NEVER]);
  });

  it('counts a pod that is told to leave once', () => {
    const jobs = stream();
    const [task] = jobs.world.addRunning(jobs.work, jobs.host);
    jobs.world.cluster.tasks.state[task!] = TASK_STATE.running;
    jobs.stop(task!, 'preempted');
    expect(jobs.wake(0).wakeAtS).toBe(10);
    jobs.world.nowUs = 5 * SECOND_US;
    jobs.end(task!, 'cancelled', 'preempted');
    expect(jobs.wake(5).wakeAtS).toBe(10);
    expect(jobs.wake(10).ordinals).toEqual([0]);
  });
});
