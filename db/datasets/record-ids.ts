import type { Split } from '#contract/dataset.ts';
import { openReader } from '../reader.ts';
import { type Database, prepare, type SqlValue } from '../statements.ts';
import type { FoundState } from './record-states.ts';

/** The ids of a dataset's records lie between these, both included; others' may lie among them. */
export interface IdSpan {
  first: number;
  last: number;
}

/** The span of a dataset (its number); null where it has no records. */
export function idSpan(db: Database, dataset: number): IdSpan | null {
  const row = prepare<{ first: number | null; last: number | null }>(
    db,
    `SELECT (SELECT min(id) FROM records WHERE dataset = ?) AS first,
            (SELECT max(id) FROM records WHERE dataset = ?) AS last`,
  ).get(dataset, dataset);
  return row === undefined || row.first === null || row.last === null
    ? null
    : { first: row.first, last: row.last };
}

/**
 * Ids of records, ascending, in parts: a part is at most `partIds` long or `partMs` late. The iterators below read
 * through a connection of their own, which closes with them: between two parts anything may be done.
 */
const partIds = 8_192;
const partMs = 5;

/** Records of a split. */
export function idsOfSplit(db: Database, dataset: number, split: Split): Generator<number[], void> {
  return readIds(db, 'SELECT id FROM records WHERE dataset = ? AND split = ? ORDER BY id', dataset, split);
}

/** Records with each of these labels in turn: `label` is its place in `labels`. */
export function* idsByLabel(
  db: Database,
  dataset: number,
  labels: readonly string[],
): Generator<{ label: number; ids: number[] }, void> {
  const reader = openReader(db);
  try {
    const statement = reader
      .prepare<SqlValue[], number>('SELECT id FROM records WHERE dataset = ? AND label = ? ORDER BY id')
      .pluck();
    for (const [label, name] of labels.entries()) {
      for (const ids of inParts(statement.iterate(dataset, name))) yield { label, ids };
    }
  } finally {
    reader.close();
  }
}

/** Records within a span whose caption matches an expression made by toMatchExpression. */
export function idsOfMatches(db: Database, span: IdSpan, expression: string): Generator<number[], void> {
  return readIds(
    db,
    'SELECT rowid FROM record_search WHERE record_search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid',
    expression,
    span.first,
    span.last,
  );
}

/** Records with a tag (its number). */
export function idsOfTag(db: Database, tag: number): Generator<number[], void> {
  return readIds(db, 'SELECT record FROM record_tags WHERE tag = ? ORDER BY record', tag);
}

/** Records whose picture a check found so. */
export function idsOfState(db: Database, dataset: number, state: FoundState): Generator<number[], void> {
  return readIds(
    db,
    'SELECT record FROM record_states WHERE dataset = ? AND state = ? ORDER BY record',
    dataset,
    state,
  );
}

/** Records that a variant changes. */
export function idsOfVariant(db: Database, variantId: string): Generator<number[], void> {
  return readIds(
    db,
    'SELECT record FROM variant_records WHERE variant = (SELECT number FROM variants WHERE id = ?) ORDER BY record',
    variantId,
  );
}

function* readIds(db: Database, sql: string, ...values: SqlValue[]): Generator<number[], void> {
  const reader = openReader(db);
  try {
    yield* inParts(
      reader
        .prepare<SqlValue[], number>(sql)
        .pluck()
        .iterate(...values),
    );
  } finally {
    reader.close();
  }
}

function* inParts(ids: Iterable<number>): Generator<number[], void> {
  let part: number[] = [];
  let started = performance.now();
  for (const id of ids) {
    part.push(id);
    const full = part.length === partIds || (part.length % 64 === 0 && performance.now() - started > partMs);
    if (!full) continue;
    yield part;
    part = [];
    started = performance.now();
  }
  if (part.length > 0) yield part;
}
