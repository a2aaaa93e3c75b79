import type { Assumption } from './assumption.ts';

/**
 * Prices elsewhere as a multiple of us-east-1, where no exact price is known. One factor a region is coarse: families differ
 * within the range. Where only a range was seen the default is its middle. Source: aws.md 8.3.
 */
export const REGION_ASSUMPTIONS = [
  {
    name: 'price.factor.us-east-2',
    default: 1,
    low: 1,
    high: 1.05,
    unit: '1',
    source: 'aws.md 8.3, sampled',
    meaning: 'Price in us-east-2 as a multiple of us-east-1',
  },
  {
    name: 'price.factor.us-west-1',
    default: 1.22,
    low: 1.14,
    high: 1.3,
    unit: '1',
    source: 'aws.md 8.3, middle of the range',
    meaning: 'Price in us-west-1 as a multiple of us-east-1',
  },
  {
    name: 'price.factor.us-west-2',
    default: 1,
    low: 1,
    high: 1.05,
    unit: '1',
    source: 'aws.md 8.3, sampled',
    meaning: 'Price in us-west-2 as a multiple of us-east-1',
  },
  {
    name: 'price.factor.eu-west-1',
    default: 1.115,
    low: 1.1,
    high: 1.2,
    unit: '1',
    source: 'aws.md 8.3, the m5 family',
    meaning: 'Price in eu-west-1 as a multiple of us-east-1',
  },
  {
    name: 'price.factor.eu-central-1',
    default: 1.27,
    low: 1.14,
    high: 1.4,
    unit: '1',
    source: 'aws.md 8.3, middle of the range',
    meaning: 'Price in eu-central-1 as a multiple of us-east-1',
  },
  {
    name: 'price.factor.ap-northeast-1',
    default: 1.335,
    low: 1.22,
    high: 1.45,
    unit: '1',
    source: 'aws.md 8.3, middle of the range',
    meaning: 'Price in ap-northeast-1 as a multiple of us-east-1',
  },
  {
    name: 'price.factor.ap-southeast-2',
    default: 1.285,
    low: 1.26,
    high: 1.31,
    unit: '1',
    source: 'aws.md 8.3, middle of the range',
    meaning: 'Price in ap-southeast-2 as a multiple of us-east-1',
  },
  {
    name: 'price.factor.sa-east-1',
    default: 1.725,
    low: 1.5,
    high: 1.95,
    unit: '1',
    source: 'aws.md 8.3, middle of the range',
    meaning: 'Price in sa-east-1 as a multiple of us-east-1',
  },
] as const satisfies readonly Assumption[];
