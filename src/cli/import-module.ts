/**
 * Imports somebody's module, which may be TypeScript: Deno takes it as it is, Node through tsx. Worker threads import this
 * file by its URL, since only the command line knows how a user's files are read.
 */
export async function importModule(url: string): Promise<unknown> {
  if (process.versions['deno'] !== undefined) return import(url);
  const { tsImport } = await import('tsx/esm/api');
  return tsImport(url, import.meta.url);
}
