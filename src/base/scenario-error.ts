/** One fault of the input, with its place. Line and column count from 1; 0 means "the whole file". */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Path inside the document, for example `variants.ecs.pools.base`; empty for the document itself. */
  readonly path: string;
  /** What was expected, what was found, and a suggestion where there is one. */
  readonly message: string;
}

/** The input is wrong: every fault that was found, not the first. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(faultToText).join('\n'));
    this.faults = faults;
  }
}

/** `file:line:column: path: message`, leaving out what is unknown. */
export function faultToText(fault: Fault): string {
  const place = fault.line > 0 ? `${fault.file}:${fault.line}:${fault.column}` : fault.file;
  return [place, fault.path, fault.message].filter((part) => part !== '').join(': ');
}
