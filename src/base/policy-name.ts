/**
 * The name of a policy with its parameters, as scenario files and CSV rows write it:
 *
 *   NAME  or  NAME[key=value,key=value]         `random`, `spread[field=zone]`, `binpack[resource=cpu]`
 *
 * NAME and keys are letters, digits and hyphens; a value is anything but a comma, a bracket, an equals sign or a
 * space. Parameters keep the order in which they were written, and each key stands once.
 * Reading what was printed gives the same name again, so the name in a CSV is the way to run it.
 */

import { assert } from './assert.ts';

export interface PolicyName {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The name, or a sentence saying what was expected and what was found. */
export type ParsedPolicyName =
  | { readonly ok: true; readonly value: PolicyName }
  | { readonly ok: false; readonly message: string };

const WHOLE = /^([A-Za-z][A-Za-z0-9-]*)(?:\[([^[\]]*)\])?$/;
const PARAMETER = /^([A-Za-z][A-Za-z0-9-]*)=([^,[\]=\s]+)$/;

export function parsePolicyName(text: string): ParsedPolicyName {
  const match = WHOLE.exec(text);
  if (match === null) return refusal('a policy such as random or binpack[resource=cpu]', text);
  const [, name = '', list] = match;
  const parameters: Record<string, string> = {};
  for (const part of list === undefined ? [] : list.split(',')) {
    const pair = PARAMETER.exec(part.trim());
    if (pair === null) return refusal('parameters written [key=value,key=value]', text);
    const [, key = '', value = ''] = pair;
    if (Object.hasOwn(parameters, key)) return refusal(`the parameter "${key}" once`, text);
    parameters[key] = value;
  }
  return { ok: true, value: { name, parameters } };
}

/** The text that `parsePolicyName` reads back to the same name. */
export function printPolicyName(policy: PolicyName): string {
  const pairs = Object.entries(policy.parameters).map(([key, value]) => `${key}=${value}`);
  const text = pairs.length === 0 ? policy.name : `${policy.name}[${pairs.join(',')}]`;
  assert(parsePolicyName(text).ok, () => `"${text}" would not read back as a policy name`);
  return text;
}

function refusal(expected: string, found: string): ParsedPolicyName {
  return { ok: false, message: `expected ${expected}, found ${JSON.stringify(found)}` };
}
