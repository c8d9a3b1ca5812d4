import { type Split, splitSchema } from '#contract/dataset.ts';
import { readBeside } from '../reader.ts';
import { type Database, prepare } from '../statements.ts';

// Which records a dataset has, with split and label of each: lists of numbers in blocks, which are read a thousand times
// as fast as rows. A block is added with its records, and changes with them.

/** Splits by their place in a facet. */
export const splits = splitSchema.options;

/**
 * Split and label of records: 4 x the place of its label in `labels` (from 1; 0: none) + the place of its split in
 * {@link splits}.
 */
export interface Facets {
  labels: readonly string[];
  facets: Uint32Array;
}

export const labelPlaceOf = (facet: number): number => facet >>> 2;
export const splitPlaceOf = (facet: number): number => facet & 3;

/** Facets of records that follow each other. */
export function createFacets(): { add(split: string, label: string | null): void; take(): Facets } {
  const places = new Map<string | null, number>([[null, 0]]);
  const all: number[] = [];
  return {
    add(split, label) {
      let place = places.get(label);
      if (place === undefined) {
        place = places.size;
        places.set(label, place);
      }
      all.push(4 * place + (split === 'train' ? 0 : split === 'validation' ? 1 : 2));
    },
    take: () => ({
      labels: [...places.keys()].filter((label) => label !== null),
      facets: Uint32Array.from(all),
    }),
  };
}

/** Adds the block of records that were just added to a dataset (its number), the first of which has the id `first`. */
export function addBlock(db: Database, dataset: number, first: number, given: Facets): void {
  prepare(db, 'INSERT INTO record_blocks (dataset, first, records, facets) VALUES (?, ?, ?, ?)').run(
    dataset,
    first,
    given.facets.length,
    facetBytes(db, dataset, given),
  );
}

/** Reads split and label of a dataset's records (its number) from their rows again, where those have changed. */
export function renewBlocks(db: Database, dataset: number): void {
  const rows = prepare<{ split: string; label: string | null }>(
    db,
    'SELECT split, label FROM records WHERE id >= ? AND id < ? ORDER BY id',
  );
  const update = prepare(db, 'UPDATE record_blocks SET facets = ? WHERE dataset = ? AND first = ?');
  for (const { first, records } of blocksOf(db, dataset)) {
    const facets = createFacets();
    for (const { split, label } of rows.all(first, first + records)) facets.add(split, label);
    update.run(facetBytes(db, dataset, facets.take()), dataset, first);
  }
}

/** As the database has them: by the dataset's own places of labels, which new ones get behind the others. */
function facetBytes(db: Database, dataset: number, { labels, facets }: Facets): Uint8Array {
  const find = prepare<{ place: number }>(
    db,
    'SELECT place FROM record_labels WHERE dataset = ? AND label = ?',
  );
  let known = null as number | null;
  const places = labels.map((label) => {
    const found = find.get(dataset, label);
    if (found !== undefined) return found.place;
    known = (known ?? labelPlaces(db, dataset).size) + 1;
    prepare(db, 'INSERT INTO record_labels (dataset, place, label) VALUES (?, ?, ?)').run(
      dataset,
      known,
      label,
    );
    return known;
  });
  const stored = facets.map((facet) => 4 * (places[labelPlaceOf(facet) - 1] ?? 0) + splitPlaceOf(facet));
  return new Uint8Array(stored.buffer);
}

/** Places of a dataset's labels (its number). */
export function labelPlaces(db: Database, dataset: number): Map<string, number> {
  const rows = prepare<{ label: string; place: number }>(
    db,
    'SELECT label, place FROM record_labels WHERE dataset = ?',
  ).all(dataset);
  return new Map(rows.map(({ label, place }) => [label, place]));
}

/** Ids from the first to the last, both included. */
export interface IdSpan {
  first: number;
  last: number;
}

/** The ids of a dataset's records (its number) lie in this span; others' may lie among them. null: it has no records. */
export function idSpan(db: Database, dataset: number): IdSpan | null {
  const row = prepare<{ first: number | null; last: number | null }>(
    db,
    `SELECT (SELECT min(first) FROM record_blocks WHERE dataset = ?) AS first,
       (SELECT first + records - 1 FROM record_blocks WHERE dataset = ? ORDER BY first DESC LIMIT 1) AS last`,
  ).get(dataset, dataset);
  return row === undefined || row.first === null || row.last === null
    ? null
    : { first: row.first, last: row.last };
}

/** All ids of a dataset's records (its number), ascending, and nobody else's. */
export function idSpans(db: Database, dataset: number): IdSpan[] {
  const spans: IdSpan[] = [];
  for (const { first, records } of blocksOf(db, dataset)) {
    const before = spans.at(-1);
    if (before?.last === first - 1) before.last += records;
    else spans.push({ first, last: first + records - 1 });
  }
  return spans;
}

/** The name of the table alone, so that it is found in an attached database too. */
const blocksOf = (db: Database, dataset: number) =>
  prepare<{ first: number; records: number }>(
    db,
    'SELECT first, records FROM record_blocks WHERE dataset = ? ORDER BY first',
  ).all(dataset);

/** Some records whose ids follow each other, with their facets by {@link labelPlaces}. */
export interface RecordBlock {
  first: number;
  facets: Uint32Array;
}

/** The blocks of a dataset (its number), ascending; between two of them anything may be done. */
export function* readBlocks(db: Database, dataset: number): Generator<RecordBlock, void> {
  const page = db.prepare<[number, number], { first: number; facets: Buffer }>(
    `SELECT first, facets FROM record_blocks WHERE dataset = ? AND first > ? ORDER BY first LIMIT ${blocksAtOnce}`,
  );
  for (let last = -1; ; ) {
    const rows = page.all(dataset, last);
    for (const { first, facets } of rows) {
      last = first;
      yield { first, facets: asNumbers(facets) };
    }
    if (rows.length < blocksAtOnce) return;
  }
}

const blocksAtOnce = 64;

/** A copy only where a buffer begins where no number can. Every platform that the workbench runs on is little-endian. */
function asNumbers(bytes: Buffer): Uint32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(buffer, byteOffset, length / 4);
}

/** {@link readBlocks} with the places of labels, all of one moment, while other work goes on in between. */
export function readFacets(
  db: Database,
  dataset: number,
): Generator<RecordBlock & { places: ReadonlyMap<string, number> }, void> {
  return readBeside(db, function* (reader) {
    const places = labelPlaces(reader, dataset);
    for (const block of readBlocks(reader, dataset)) yield { ...block, places };
  });
}

/** Ids of a dataset's records (its number) with these labels and splits, ascending; null: any. */
export function idsWithin(
  db: Database,
  dataset: number,
  labels: readonly (string | null)[] | null,
  wanted: readonly Split[] | null,
): number[] {
  const places = labelPlaces(db, dataset);
  const wantedLabels = labels && new Set(labels);
  const isRight = new Uint8Array(4 * (places.size + 1));
  for (const [label, place] of [[null, 0] as const, ...places]) {
    if (wantedLabels !== null && !wantedLabels.has(label)) continue;
    for (const [at, split] of splits.entries())
      isRight[4 * place + at] = Number(wanted?.includes(split) ?? true);
  }
  const ids: number[] = [];
  for (const { first, facets } of readBlocks(db, dataset)) pushRight(ids, first, facets, isRight);
  return ids;
}

/** Apart, so that it is compiled as soon as a few blocks are done. */
function pushRight(ids: number[], first: number, facets: Uint32Array, isRight: Uint8Array): void {
  for (let at = 0; at < facets.length; at += 1) if (isRight[facets[at] as number] === 1) ids.push(first + at);
}
