import { describe, expect, it } from 'vitest';
import { assert } from '../../../../src/base/assert.ts';
import { isQueryFault, parseQuery } from '../../../../src/orchestration/ecs/query/query.ts';
import type { QuerySubject } from '../../../../src/orchestration/ecs/query/query.ts';

const INSTANCE: QuerySubject = {
  attribute: (name) =>
    ({
      'ecs.instance-type': 'm6i.2xlarge',
      'ecs.availability-zone': 'us-east-1a',
      'ecs.os-type': 'linux',
      stack: 'prod',
      generation: '10',
    })[name],
  field: (name) =>
    new Map([
      ['runningTasksCount', '3'],
      ['agentConnected', 'true'],
    ]).get(name),
  hasTaskOf: (group) => group === 'service:web',
};

function holds(text: string): boolean {
  const parsed = parseQuery(text);
  assert(!isQueryFault(parsed), () => JSON.stringify(parsed));
  return parsed.holds(INSTANCE);
}

function faultOf(text: string): string {
  const parsed = parseQuery(text);
  return isQueryFault(parsed) ? `${parsed.column}: ${parsed.message}` : '';
}

describe('the cluster query language', () => {
  it.each([
    ['attribute:ecs.instance-type == m6i.2xlarge', true],
    ['attribute:ecs.instance-type =~ m6i.*', true],
    ['attribute:ecs.instance-type =~ m6i', false],
    ['attribute:ecs.instance-type =~ (m6i|c6i)\\.2?xlarge', true],
    ['attribute:ecs.instance-type !~ t[23].*', true],
    ['attribute:ecs.availability-zone in [us-east-1a, us-east-1b]', true],
    ['attribute:ecs.availability-zone !in [us-east-1a]', false],
    ['attribute:ecs.availability-zone not_in [us-east-1b]', true],
    ['attribute:stack exists', true],
    ['attribute:other !exists', true],
    ['attribute:other == x', false],
    ['attribute:other != x', true],
    ['attribute:other > 1', false],
    // As numbers: 10 is above 9.
    ['attribute:generation > 9', true],
    ['attribute:generation less_than_equal 10', true],
    ['runningTasksCount >= 3 && agentConnected == true', true],
    ['task:group == service:web', true],
    ['task:group == service:other', false],
    ['not (task:group in [service:web, x])', false],
    ['!(attribute:stack == test) and attribute:ecs.os-type == linux', true],
    ['attribute:stack == "prod"', true],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it('binds && before ||', () => {
    const [yes, no] = ['attribute:stack exists', 'attribute:none exists'];
    expect(holds(`${yes} || ${no} && ${no}`)).toBe(true);
    expect(holds(`(${yes} || ${no}) && ${no}`)).toBe(false);
  });

  it.each([
    ['attribute:stack = prod', '17: expected a name, a value or an operator, found "="'],
    ['stack == prod', '1: expected attribute:NAME, task:group or one of agentConnected'],
    [
      'attribute:stack is prod',
      '17: expected an operator such as ==, =~, in or exists, found "is"',
    ],
    ['attribute:stack in prod', '20: expected a list such as [a, b], found "prod"'],
    ['attribute:stack in [a b]', '23: expected a comma or a closing ], found "b"'],
    ['(attribute:stack exists', '24: expected a closing ), found the end'],
    ['attribute:stack =~ a[', '20: expected a regular expression, found "a["'],
    ['attribute:stack == "prod', '20: expected a closing "'],
    ['task:group =~ x', '12: expected ==, !=, in or !in after task:group, found "=~"'],
    ['attribute:stack exists attribute:b exists', '24: expected &&, || or the end'],
    ['', '1: expected a subject such as attribute:ecs.instance-type, found the end'],
  ])('refuses %s at its place', (text, expected) => {
    expect(faultOf(text)).toContain(expected);
  });

  it('knows whether it reads what changes on an instance', () => {
    const reads = (text: string) => parseQuery(text) as { readsTasks: boolean };
    expect(reads('attribute:stack exists').readsTasks).toBe(false);
    expect(reads('attribute:stack exists || runningTasksCount < 3').readsTasks).toBe(true);
  });
});
