/**
 * The ECS cluster query language (aws.md 3.6): which container instances an expression names.
 *
 *     expression := term { (&& | and | || | or) term }            && binds before ||
 *     term       := (! | not) term | ( expression ) | subject operator [argument]
 *     subject    := attribute:NAME | task:group | agentConnected | agentVersion | ec2InstanceId | registeredAt | runningTasksCount
 *     operator   := == != > >= < <=  (or equals, not_equals, greater_than ...)  exists !exists in !in =~ !~
 *
 * Compared   as numbers where both sides are numbers, else as texts; an absent value is equal to nothing, below and above nothing.
 * Patterns   are matched against the whole value.
 * Pure       `readsTasks` is false for an expression over attributes alone, whose answer a host keeps while it lives.
 */

import { tokensOf } from './query-tokens.ts';
import type { QueryFault, Token } from './query-tokens.ts';

export interface QuerySubject {
  /** Value of `attribute:NAME` or of a field; undefined when the instance has none. */
  attribute(name: string): string | undefined;
  field(name: QueryField): string | undefined;
  /** Is there a task of the group on the instance? */
  hasTaskOf(group: string): boolean;
}

const FIELDS = [
  'agentConnected',
  'agentVersion',
  'ec2InstanceId',
  'registeredAt',
  'runningTasksCount',
] as const;
export type QueryField = (typeof FIELDS)[number];

export type Query = (subject: QuerySubject) => boolean;

export interface ParsedQuery {
  readonly holds: Query;
  /** It reads what changes while an instance lives: its tasks, or whether its agent is connected. */
  readonly readsTasks: boolean;
}

type Read = (subject: QuerySubject) => string | undefined;

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  equals: (order) => order === 0,
  '>': (order) => order > 0,
  greater_than: (order) => order > 0,
  '>=': (order) => order >= 0,
  greater_than_equal: (order) => order >= 0,
  '<': (order) => order < 0,
  less_than: (order) => order < 0,
  '<=': (order) => order <= 0,
  less_than_equal: (order) => order <= 0,
};
/** The long names of operators. */
const ALIASES: Readonly<Record<string, string>> = {
  not_equals: '!=',
  not_exists: '!exists',
  not_in: '!in',
  matches: '=~',
  not_matches: '!~',
  and: '&&',
  or: '||',
  not: '!',
};
const OPERATORS = [...Object.keys(COMPARISONS), '!=', 'exists', '!exists', 'in', '!in', '=~', '!~'];

export function parseQuery(text: string): ParsedQuery | QueryFault {
  const tokens = tokensOf(text);
  if (!Array.isArray(tokens)) return tokens as QueryFault;
  try {
    const parser = new QueryParser(tokens as readonly Token[]);
    return { holds: parser.whole(), readsTasks: parser.readsTasks };
  } catch (error) {
    if (error instanceof Misread) return error.fault;
    throw error;
  }
}

export function isQueryFault(parsed: ParsedQuery | QueryFault): parsed is QueryFault {
  return 'message' in parsed;
}

/** Carries a fault out of the parser, no further than `parseQuery`. */
class Misread extends Error {
  readonly fault: QueryFault;

  constructor(fault: QueryFault) {
    super(fault.message);
    this.fault = fault;
  }
}

class QueryParser {
  readsTasks = false;
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Query {
    const query = this.disjunction();
    if (this.now.kind !== 'end') this.refuse('&&, || or the end');
    return query;
  }

  private get now(): Token {
    return this.tokens[this.at]!;
  }

  private disjunction(): Query {
    let left = this.conjunction();
    while (this.takes('||')) {
      const [first, second] = [left, this.conjunction()];
      left = (subject) => first(subject) || second(subject);
    }
    return left;
  }

  private conjunction(): Query {
    let left = this.term();
    while (this.takes('&&')) {
      const [first, second] = [left, this.term()];
      left = (subject) => first(subject) && second(subject);
    }
    return left;
  }

  private term(): Query {
    if (this.takes('!')) {
      const inner = this.term();
      return (subject) => !inner(subject);
    }
    if (!this.takes('(')) return this.condition();
    const inner = this.disjunction();
    if (!this.takes(')')) this.refuse('a closing )');
    return inner;
  }

  private condition(): Query {
    const { text, column, kind } = this.now;
    if (kind !== 'word') this.refuse('a subject such as attribute:ecs.instance-type');
    this.at++;
    if (text === 'task:group') return this.groupCondition();
    const read = this.subject(text, column);
    const operator = this.operator();
    switch (operator) {
      case 'exists':
        return (subject) => read(subject) !== undefined;
      case '!exists':
        return (subject) => read(subject) === undefined;
      case 'in':
      case '!in': {
        const values = this.values();
        const isWanted = operator === 'in';
        return (subject) => values.includes(read(subject) ?? '\0') === isWanted;
      }
      case '=~':
      case '!~': {
        const pattern = this.pattern();
        const isWanted = operator === '=~';
        return (subject) => {
          const value = read(subject);
          return (value !== undefined && pattern.test(value)) === isWanted;
        };
      }
      case '!=': {
        const value = this.value();
        return (subject) => read(subject) !== value;
      }
      default: {
        const value = this.value();
        const holds = COMPARISONS[operator]!;
        return (subject) => {
          const found = read(subject);
          return found !== undefined && holds(compare(found, value));
        };
      }
    }
  }

  /** Which groups have a task on the instance. */
  private groupCondition(): Query {
    this.readsTasks = true;
    const operator = this.operator();
    if (operator === '==' || operator === 'equals' || operator === '!=') {
      const group = this.value();
      const isWanted = operator !== '!=';
      return (subject) => subject.hasTaskOf(group) === isWanted;
    }
    if (operator === 'in' || operator === '!in') {
      const groups = this.values();
      const isWanted = operator === 'in';
      return (subject) => groups.some((group) => subject.hasTaskOf(group)) === isWanted;
    }
    this.at--;
    return this.refuse('==, !=, in or !in after task:group');
  }

  private subject(text: string, column: number): Read {
    const attribute = text.startsWith('attribute:') ? text.slice('attribute:'.length) : '';
    if (attribute !== '') return (subject) => subject.attribute(attribute);
    const field = FIELDS.find((one) => one === text);
    if (field === undefined) {
      const expected = `attribute:NAME, task:group or one of ${FIELDS.join(', ')}`;
      throw new Misread({ column, message: `expected ${expected}, found "${text}"` });
    }
    if (field === 'runningTasksCount' || field === 'agentConnected') this.readsTasks = true;
    return (subject) => subject.field(field);
  }

  /** In its short form; `! in` and `!exists` are two tokens. */
  private operator(): string {
    const { text } = this.now;
    const next = this.tokens[this.at + 1]?.text ?? '';
    if (text === '!' && (next === 'in' || next === 'exists')) {
      this.at += 2;
      return `!${next}`;
    }
    const operator = ALIASES[text] ?? text;
    if (!OPERATORS.includes(operator)) this.refuse('an operator such as ==, =~, in or exists');
    this.at++;
    return operator;
  }

  private value(): string {
    const { text, kind } = this.now;
    if (kind !== 'word') this.refuse('a value');
    this.at++;
    return text;
  }

  private values(): string[] {
    if (!this.takes('[')) this.refuse('a list such as [a, b]');
    const values = [this.value()];
    while (this.takes(',')) values.push(this.value());
    if (!this.takes(']')) this.refuse('a comma or a closing ]');
    return values;
  }

  private pattern(): RegExp {
    const { column, text } = this.now;
    this.value();
    try {
      return new RegExp(`^(?:${text})$`);
    } catch {
      throw new Misread({ column, message: `expected a regular expression, found "${text}"` });
    }
  }

  private takes(symbol: string): boolean {
    const { text } = this.now;
    if (text !== symbol && ALIASES[text] !== symbol) return false;
    this.at++;
    return true;
  }

  private refuse(expected: string): never {
    const { column, text, kind } = this.now;
    const found = kind === 'end' ? 'the end' : `"${text}"`;
    throw new Misread({ column, message: `expected ${expected}, found ${found}` });
  }
}

function compare(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (a.trim() !== '' && b.trim() !== '' && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}
