/**
 * Self time out of a profile of V8's sampler (`node --cpu-prof`), by function and by folder.
 *
 * Counted    samples inside `root` and in the garbage collector, which V8 puts beside the program; loading is left out.
 * Inlining   a function that was compiled into its caller is still named: V8 keeps the stack.
 */

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
}

/** What `node --cpu-prof` writes, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    readonly children?: readonly number[];
  }[];
  /** Node on top of the stack. */
  readonly samples: readonly number[];
  /** Time since the sample before, us. */
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  readonly name: string;
  readonly us: number;
}

const COLLECTOR = '(garbage collector)';

/** Longest first. Folders are those of the project or names of packages. */
export function selfTimes(
  profile: CpuProfile,
  root: string,
  projectFolder: string,
): { readonly functions: SelfTime[]; readonly folders: SelfTime[] } {
  const functions = new Map<string, number>();
  const folders = new Map<string, number>();
  const frames = countedFrames(profile, root);
  for (const [i, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined) continue;
    const us = profile.timeDeltas[i]!;
    const file = fileOf(frame, projectFolder);
    const name = frame.functionName === '' ? '(unnamed)' : frame.functionName;
    add(functions, file === '' ? name : `${name}  ${file}`, us);
    add(folders, file === '' ? name : folderOf(file), us);
  }
  return { functions: longestFirst(functions), folders: longestFirst(folders) };
}

function countedFrames({ nodes }: CpuProfile, root: string): Map<number, CallFrame> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const counted = new Map<number, CallFrame>();
  const roots = nodes.filter(({ callFrame: { functionName } }) =>
    [root, COLLECTOR].includes(functionName),
  );
  const open = roots.map(({ id }) => id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const { callFrame, children = [] } = byId.get(id)!;
    counted.set(id, callFrame);
    open.push(...children);
  }
  return counted;
}

/** Relative to the project; for a package its name; '' for what has no file. */
function fileOf({ url }: CallFrame, projectFolder: string): string {
  if (url.startsWith('wasm:')) return 'WebAssembly';
  if (!url.startsWith('file:')) return url.startsWith('node:') ? 'node' : '';
  const path = url.slice(url.lastIndexOf('node_modules/')).split('?')[0]!;
  if (!url.includes('node_modules/')) return relative(projectFolder, fileURLToPath(url));
  const [folder, first, second] = path.split('/');
  return first!.startsWith('@') ? `${folder}/${first}/${second}` : `${folder}/${first}`;
}

function folderOf(file: string): string {
  if (file.startsWith('node_modules/') || !file.includes('/')) return file;
  return file.slice(0, file.lastIndexOf('/'));
}

function add(sums: Map<string, number>, name: string, us: number): void {
  sums.set(name, (sums.get(name) ?? 0) + us);
}

function longestFirst(sums: ReadonlyMap<string, number>): SelfTime[] {
  return [...sums].map(([name, us]) => ({ name, us })).sort((a, b) => b.us - a.us);
}
