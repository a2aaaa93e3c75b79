/** The text of a scenario that an import writes: entries to edit, with what was assumed marked and what was lost said above. */

import { Document, isMap, isScalar, isSeq, type Pair } from 'yaml';
import { formatBytes } from '../../base/quantity.ts';
import { US_PER_HOUR } from '../../base/units.ts';
import { AssumedParameters } from '../../cloud/assumptions.ts';
import type { WrittenEntry } from './workload-entries.ts';

interface TextAbout {
  readonly name: string;
  /** First line of the text, as a comment. */
  readonly origin: string;
}

/** `runUs` is a whole number of hours. */
export function scenarioText(
  about: TextAbout,
  runUs: number,
  images: readonly string[],
  entries: readonly WrittenEntry[],
  variants: Readonly<Record<string, unknown>>,
): string {
  const size = formatBytes(new AssumedParameters().get('image.compressed-bytes'));
  const document = new Document({
    name: about.name,
    seed: 1,
    duration: `${runUs / US_PER_HOUR}h`,
    ...(images.length === 0
      ? {}
      : { images: Object.fromEntries(images.map((image) => [image, { size }])) }),
    workload: entries.map(({ kind, keys }) => ({ [kind]: withoutAbsent(keys) })),
    variants,
  });
  document.commentBefore = ` ${about.origin}\n Lines marked "assumed" say what no manifest states: make them yours.`;
  eachPair(document, ['images'], (pair) => {
    setFlow(pair.value);
    setComment(pair.value, 'assumed');
  });
  for (const [i, entry] of entries.entries()) markEntry(document, i, entry);
  for (const name of Object.keys(variants)) {
    eachPair(document, ['variants', name, 'pools'], (pair) => setFlow(pair.value));
    setFlow(document.getIn(['variants', name, 'clusters', 0], true));
    setFlow(document.getIn(['variants', name, 'clusters', 1], true));
    setFlow(document.getIn(['variants', name, 'clusterAutoscaler'], true));
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function markEntry(
  document: Document,
  row: number,
  { kind, assumed, remarks }: WrittenEntry,
): void {
  const item = document.getIn(['workload', row], true);
  if (isMap(item) && remarks.length > 0) {
    item.commentBefore = remarks.map((remark) => ` ${remark}`).join('\n');
  }
  eachPair(document, ['workload', row, kind], (pair) => {
    setFlow(pair.value);
    if (isScalar(pair.key) && assumed.includes(String(pair.key.value))) {
      setComment(pair.value, 'assumed');
    }
  });
}

function eachPair(
  document: Document,
  path: readonly (string | number)[],
  act: (pair: Pair) => void,
): void {
  const map = document.getIn(path, true);
  if (isMap(map)) for (const pair of map.items) act(pair);
}

function setFlow(node: unknown): void {
  if (isMap(node) || isSeq(node)) node.flow = true;
}

function setComment(node: unknown, text: string): void {
  if (isScalar(node) || isMap(node) || isSeq(node)) node.comment = ` ${text}`;
}

function withoutAbsent(keys: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined));
}
