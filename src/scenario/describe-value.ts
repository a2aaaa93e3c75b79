/** What stands in the file, in the words of a fault: `found "2x"`, `found a list`. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing (the key is required)';
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return JSON.stringify(value) ?? 'something that is no plain value';
}
