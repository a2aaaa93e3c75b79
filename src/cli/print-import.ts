/** What an import read, skipped and left unread, as a person reads it: on stderr, beside the scenario. */

import type { ImportedScenario } from '../scenario/imported/kubernetes-scenario.ts';
import type { ManifestWorkloads } from '../workload/manifests/manifest-workloads.ts';
import { unreadGroups } from '../workload/manifests/unread-fields.ts';
import { alignedTable } from './aligned-table.ts';
import type { Terminal } from './terminal.ts';

export function printImport(
  found: ManifestWorkloads,
  imported: ImportedScenario,
  everyField: boolean,
  terminal: Terminal,
): void {
  const { read, skipped, notes, harmless } = found;
  const say = (text: string) => terminal.err(text);
  say(`\nREAD ${read.length} objects\n`);
  say(
    alignedTable(
      ['kind', 'objects'],
      countsBy(read, ({ kind }) => [kind]),
      1,
    ),
  );
  if (skipped.length > 0) {
    say(`\nSKIPPED ${skipped.length} objects\n`);
    const rows = countsBy(skipped, ({ kind, reason }) => [kind, reason]);
    say(alignedTable(['kind', 'why', 'objects'], rows, 2));
  }
  sayUnread(found, everyField, say);
  if (harmless.length > 0) {
    say('\nNOT READ, AND NO DECISION DEPENDS ON IT\n');
    for (const { kind, paths } of harmless) say(`${kind}: ${paths.join(', ')}\n`);
  }
  if (notes.length > 0) {
    say('\nNOTES\n');
    for (const { file, line, message } of notes) {
      say(line === 0 ? `${message}\n` : `${file}:${line}: ${message}\n`);
    }
  }
  sayScenario(imported, say);
}

function sayUnread(
  { unread }: ManifestWorkloads,
  everyField: boolean,
  say: (text: string) => void,
): void {
  if (unread.length === 0) return;
  say(`\nNOT READ, ALTHOUGH A DECISION COULD DEPEND ON IT: ${unread.length} fields\n`);
  if (everyField) {
    for (const { file, line, column, path, kind, name } of unread) {
      say(`${file}:${line}:${column}: ${path} (${kind} ${name})\n`);
    }
    return;
  }
  const rows = unreadGroups(unread).map(({ kind, path, count, first }) => [
    kind,
    path,
    `${first.file}:${first.line}:${first.column}`,
    `${count}`,
  ]);
  say(alignedTable(['kind', 'field', 'first', 'times'], rows, 3));
}

function sayScenario({ expanded, kept }: ImportedScenario, say: (text: string) => void): void {
  const lost = kept.filter(({ name }) => expanded.includes(name));
  const stays = kept.filter(({ name }) => !expanded.includes(name));
  say(`\nWRITTEN ${expanded.length} workloads as entries\n`);
  if (stays.length > 0) {
    say(`\nKEPT ${stays.length} workloads in their manifests, because of\n`);
    for (const { name, reasons } of stays) say(`${name}: ${reasons.join(', ')}\n`);
  }
  if (lost.length > 0) {
    say(`\nWRITTEN WITHOUT what the keys of an entry cannot say\n`);
    for (const { name, reasons } of lost) say(`${name}: ${reasons.join(', ')}\n`);
  }
}

/** How many have the same words, in the order of the first of each. */
function countsBy<T>(list: readonly T[], wordsOf: (one: T) => string[]): string[][] {
  const counts = new Map<string, { words: string[]; count: number }>();
  for (const one of list) {
    const words = wordsOf(one);
    const key = words.join(' ');
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { words, count: 1 });
    else known.count++;
  }
  return [...counts.values()].map(({ words, count }) => [...words, `${count}`]);
}
