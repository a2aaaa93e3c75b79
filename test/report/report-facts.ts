/** What a manifest would say about the synthetic tables. */

import { US_PER_HOUR } from '../../src/base/units.ts';
import type { ReportFacts } from '../../src/report/html.ts';
import { WARMUP_US } from './synthetic.ts';

export const REPORT_FACTS: ReportFacts = {
  scenario: 'shop-on-every-launch-type',
  baseline: 'ecs-ec2-asg',
  warmupUs: WARMUP_US,
  durationUs: 24 * US_PER_HOUR,
  scenarioText: 'name: shop-on-every-launch-type\nseed: 42 # </script><b>\n',
  command: 'berth compare scenarios/shop.yaml --seed 42',
  seeds: ['42', '1803276251', '992810444', '3310245871', '207718934'],
  expectations: [
    { expectation: 'wait_s_p95 < 100', variant: 'ecs-ec2-asg', holds: false, found: '496' },
    { expectation: 'wait_s_p95 < 100', variant: 'eks-karpenter', holds: false, found: '162' },
    { expectation: 'wait_s_p95 < 100', variant: 'ecs-fargate', holds: true, found: '81.2' },
  ],
  assumptions: [
    { name: 'ec2-launch-median', value: '28 s', range: '15 s to 60 s', source: 'measured once' },
  ],
  warnings: ['2 prices are unknown: their lines are empty.'],
  versions: [['Berth', '0.1.0']],
};
