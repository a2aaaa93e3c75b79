/**
 * A small reader of the project's own source, for the tests in test/tidy.
 *
 * Files are read as syntax trees, never as lines of text, so that a comment or a message may speak of
 * `Math.pow` without being taken for a use of it.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';

export interface SourceFile {
  /** From the root of the repository, with forward slashes, for example `src/base/units.ts`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** Every TypeScript file below the folders, in order of path. A folder that does not exist has none. */
export function readSources(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap(filesBelow)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => parseSource(path, readFileSync(path, 'utf8')));
}

export function parseSource(path: string, text: string): SourceFile {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) };
}

/** The module names that a file imports: statically, dynamically, for re-export or for a type alone. */
export function importedModules(file: SourceFile): readonly string[] {
  const modules: string[] = [];
  visitNodes(file.tree, (node) => {
    const name = moduleNameOf(node);
    if (name !== undefined && ts.isStringLiteralLike(name)) modules.push(name.text);
  });
  return modules;
}

/** Where a relative import points to, from the root of the repository; undefined for a package. */
export function resolveImport(file: SourceFile, module: string): string | undefined {
  return module.startsWith('.') ? posix.join(posix.dirname(file.path), module) : undefined;
}

export function visitNodes(root: ts.Node, visit: (node: ts.Node) => void): void {
  visit(root);
  root.forEachChild((child) => visitNodes(child, visit));
}

/** Line of a node, counted from 1; comments before it do not belong to it. */
export function lineOf(file: SourceFile, node: ts.Node): number {
  return file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1;
}

function moduleNameOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  }
  const isDynamic =
    ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isDynamic ? node.arguments[0] : undefined;
}

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
      .toSorted((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
