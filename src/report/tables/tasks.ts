/** `tasks.csv`: one ECS task or one pod; a replacement is a row of its own with the same origin. */

import type { TaskRow } from '../../metrics/rows.ts';
import { columnsOf, type Table } from './table.ts';

export type { TaskRow };

const { text, integer, number, seconds } = columnsOf<TaskRow>();

export const TASKS: Table<TaskRow> = {
  name: 'tasks',
  rowPer: 'task',
  columns: [
    text('variant', 'variant', 'name of the variant in the scenario'),
    text('seed', 'seed', 'seed of the replication'),
    text('task', 'task', 'name of the task, unique in its run'),
    text('workload', 'workload', 'name of its workload in the scenario'),
    text('kind', 'kind', 'service, job, trace or daemon'),
    text('orchestrator', 'orchestrator', 'ecs, kubernetes or batch'),
    text('launch_type', 'launchType', 'ec2, fargate or external; empty while pending'),
    text('zone', 'zone', 'availability zone of its host; empty while pending'),
    text('host', 'host', 'its host in the table hosts; empty while pending'),
    text('instance_type', 'instanceType', 'instance type of its host'),
    number('cpu_milli', 'cpuMilli', 'milli-cores', 'CPU request'),
    integer('memory_bytes', 'memoryBytes', 'bytes', 'memory request'),
    integer('gpu_milli', 'gpuMilli', 'milli-GPU', 'GPU request over all its devices'),
    seconds('submitted_s', 'submittedUs', 'when it was submitted'),
    seconds('placed_s', 'placedUs', 'when it was bound to its host'),
    seconds('pulled_s', 'pulledUs', 'when its image was on the host'),
    seconds('started_s', 'startedUs', 'when its containers first started'),
    seconds('ready_s', 'readyUs', 'when it could first serve'),
    seconds('finished_s', 'finishedUs', 'when it ended; empty while inside'),
    seconds(
      'wait_s',
      'waitUs',
      'waiting time; a lower bound in state pending',
      'started_s - submitted_s; end of run - submitted_s when it never started',
    ),
    text('state', 'state', 'state when it left or when the run ended'),
    text('origin', 'origin', 'the first task in its line of replacements'),
    integer('attempts', 'attempts', 'starts', 'starts on its host: 1 + restarts in place'),
    text('reason', 'reason', 'why it ended, or why it is pending'),
  ],
};
