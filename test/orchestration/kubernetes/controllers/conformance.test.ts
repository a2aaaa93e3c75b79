/** The arithmetic of workload controllers against the real ones, case by recorded case. */

import { expect, it } from 'vitest';
import { CASE_KINDS } from '../../../conformance/kinds.ts';
import { judgeDaemons } from '../../../conformance/kubernetes/daemons-judge.ts';
import { judgeJobs } from '../../../conformance/kubernetes/jobs-judge.ts';
import { goldenCases } from '../../../conformance/read-goldens.ts';
import {
  judgeCron,
  judgeRollout,
  judgeStateful,
} from '../../../conformance/kubernetes/rollout-judge.ts';

it.each([
  ['rollout', judgeRollout],
  ['stateful', judgeStateful],
  ['daemons', judgeDaemons],
  ['jobs', judgeJobs],
  ['cron', judgeCron],
] as const)('every recorded case of %s is answered as the real controller does', (kind, judge) => {
  let judged = 0;
  const differences = [...goldenCases(kind)].flatMap(({ index, input, output }) => {
    judged++;
    const found = judge(input, output);
    return found === undefined ? [] : [`case ${index}: ${found}`];
  });
  expect(differences).toEqual([]);
  expect(judged).toBe(CASE_KINDS[kind].recorded);
});
