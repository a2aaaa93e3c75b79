/**
 * Same scenario, same seed, same bytes: on every engine, on every machine, at every time of day. So what a run
 * executes may not use anything whose result the language leaves open or the machine decides. Each name comes with
 * what to write instead.
 *
 * cli and experiment/node stand outside the run: they may read the clock and talk to the machine, but draw nothing.
 * report draws pictures and may use what arithmetic it needs.
 */

import ts from 'typescript';
import { expect, it } from 'vitest';
import { lineOf, parseSource, readSources, visitNodes } from '../support/source-files.ts';
import type { SourceFile } from '../support/source-files.ts';

type Subject = 'chance' | 'machine' | 'order' | 'arithmetic';

interface Ban {
  readonly subject: Subject;
  readonly instead: string;
}

interface Use extends Ban {
  readonly name: string;
  readonly node: ts.Node;
}

const DRAW: Ban = { subject: 'chance', instead: 'draw from a named stream (src/random)' };
const CLOCK: Ban = { subject: 'machine', instead: 'take simulated time as an argument' };
const TIMER: Ban = { subject: 'machine', instead: 'schedule an event' };
const LOCALE: Ban = { subject: 'machine', instead: 'format and compare by code unit' };
const HOST: Ban = { subject: 'machine', instead: 'take it as an argument: a run knows no machine' };
const SORT: Ban = { subject: 'order', instead: 'pass a comparator' };
const SQUARE: Ban = { subject: 'arithmetic', instead: 'write a product' };
const PORTABLE: Ban = {
  subject: 'arithmetic',
  instead: 'use arithmetic, an allowed Math function or @stdlib/math-base-special-{ln,exp,pow,cos}',
};

const BANNED_GLOBALS = new Map<string, Ban>([
  ['Date', CLOCK],
  ['performance', CLOCK],
  ['setTimeout', TIMER],
  ['setInterval', TIMER],
  ['setImmediate', TIMER],
  ['Intl', LOCALE],
  ['process', HOST],
  ['Buffer', HOST],
  ['globalThis', HOST],
]);

const BANNED_MEMBERS = new Map<string, Ban>([
  ['randomUUID', DRAW],
  ['getRandomValues', DRAW],
  ['localeCompare', LOCALE],
  ['toLocaleString', LOCALE],
  ['toLocaleDateString', LOCALE],
  ['toLocaleTimeString', LOCALE],
  ['toLocaleLowerCase', LOCALE],
  ['toLocaleUpperCase', LOCALE],
]);

const ALLOWED_MATH = new Set(
  'abs ceil floor trunc round sign min max sqrt imul clz32 fround'.split(' '),
);

/** The uses that the place of this file forbids, each as `path:line: name: what to do instead`. */
function bannedUses(file: SourceFile): readonly string[] {
  const forbidden = forbiddenSubjects(file.path);
  const own = declaredNames(file);
  const complaints: string[] = [];
  visitNodes(file.tree, (node) => {
    const use = useOf(node, own);
    if (use === undefined || !forbidden.includes(use.subject)) return;
    complaints.push(`${file.path}:${lineOf(file, use.node)}: ${use.name}: ${use.instead}`);
  });
  return complaints;
}

function forbiddenSubjects(path: string): readonly Subject[] {
  if (path.startsWith('src/cli/') || path.startsWith('src/experiment/node/')) return ['chance'];
  if (path.startsWith('src/report/')) return ['chance', 'machine', 'order'];
  return ['chance', 'machine', 'order', 'arithmetic'];
}

function useOf(node: ts.Node, own: ReadonlySet<string>): Use | undefined {
  if (ts.isIdentifier(node) && isReference(node) && !own.has(node.text)) return globalUse(node);
  if (ts.isPropertyAccessExpression(node)) return memberUse(node.name);
  if (ts.isCallExpression(node)) return sortUse(node);
  return ts.isBinaryExpression(node) ? powerUse(node.operatorToken) : undefined;
}

function globalUse(node: ts.Identifier): Use | undefined {
  if (node.text === 'Math') return mathUse(node);
  const ban = BANNED_GLOBALS.get(node.text);
  return ban && { ...ban, name: node.text, node };
}

function mathUse(node: ts.Identifier): Use | undefined {
  const { parent } = node;
  if (!ts.isPropertyAccessExpression(parent)) return { ...PORTABLE, name: 'Math as a value', node };
  const member = parent.name.text;
  if (ALLOWED_MATH.has(member)) return undefined;
  return { ...(member === 'random' ? DRAW : PORTABLE), name: `Math.${member}`, node };
}

function memberUse(node: ts.MemberName): Use | undefined {
  const ban = BANNED_MEMBERS.get(node.text);
  return ban && { ...ban, name: node.text, node };
}

function sortUse(node: ts.CallExpression): Use | undefined {
  if (!ts.isPropertyAccessExpression(node.expression) || node.arguments.length > 0)
    return undefined;
  const { name } = node.expression;
  const sorts = name.text === 'sort' || name.text === 'toSorted';
  return sorts ? { ...SORT, name: `${name.text}()`, node: name } : undefined;
}

function powerUse(operator: ts.BinaryOperatorToken): Use | undefined {
  const isPower =
    operator.kind === ts.SyntaxKind.AsteriskAsteriskToken ||
    operator.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken;
  return isPower ? { ...SQUARE, name: operator.getText(), node: operator } : undefined;
}

/** False for the `x` of `a.x` and of `{ x: 1 }`, which name a member and not a variable. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.right !== node;
  const isMember =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isAccessor(parent);
  if (isMember) return parent.name !== node;
  return !(ts.isBindingElement(parent) && parent.propertyName === node);
}

/** A name that the file gives to something of its own, such as an arrival `process`, is not the global one. */
function declaredNames(file: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  visitNodes(file.tree, (node) => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isImportSpecifier(node);
    if (declares && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
  });
  return names;
}

it('nothing that a run executes depends on the engine, the machine or the hour', () => {
  expect(readSources('src').flatMap(bannedUses)).toEqual([]);
});

it.each([
  ['Math.random()', DRAW],
  ['crypto.randomUUID()', DRAW],
  ['Math.pow(x, 2)', PORTABLE],
  ['Math.log(x)', PORTABLE],
  ['const { exp } = Math', PORTABLE],
  ["Math['sin'](x)", PORTABLE],
  ['x ** 2', SQUARE],
  ['x **= 2', SQUARE],
  ['new Date()', CLOCK],
  ['let start: Date', CLOCK],
  ['performance.now()', CLOCK],
  ['process.hrtime()', HOST],
  ['setTimeout(act, 10)', TIMER],
  ['new Intl.NumberFormat()', LOCALE],
  ['a.localeCompare(b)', LOCALE],
  ['(1234).toLocaleString()', LOCALE],
  ['names.sort()', SORT],
  ['names.toSorted()', SORT],
  ['`${Date.now()}`', CLOCK],
])('%s is refused in a run', (text, ban) => {
  const complaints = bannedUses(parseSource('src/kernel/bad.ts', text));
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toContain(ban.instead);
});

it.each([
  '// Math.random() and x ** 2 are refused',
  'const hint = "use Date.now() or names.sort()"',
  'const hint = `Math.pow`',
  'Math.floor(Math.sqrt(x))',
  'names.sort((a, b) => a - b)',
  'const row = { performance: 1, process: 2 }; row.performance + row.process',
  'function next(process: Arrivals) { return process.next(); }',
  'interface Row { readonly Date: string }',
])('%s is fine in a run', (text) => {
  expect(bannedUses(parseSource('src/kernel/good.ts', text))).toEqual([]);
});

it('the clock stops at the edge of the run, and chance is refused everywhere', () => {
  const text = 'Date.now() + Math.log(2) + Math.random()';
  const complaints = (path: string): readonly string[] => bannedUses(parseSource(path, text));
  const draw = `1: Math.random: ${DRAW.instead}`;
  const clock = `1: Date: ${CLOCK.instead}`;
  expect(complaints('src/cli/a.ts')).toEqual([`src/cli/a.ts:${draw}`]);
  expect(complaints('src/experiment/node/a.ts')).toEqual([`src/experiment/node/a.ts:${draw}`]);
  expect(complaints('src/report/a.ts')).toEqual([
    `src/report/a.ts:${clock}`,
    `src/report/a.ts:${draw}`,
  ]);
  expect(complaints('src/experiment/a.ts')).toHaveLength(3);
});
