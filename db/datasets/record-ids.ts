import { readBeside } from '../reader.ts';
import type { Database, SqlValue } from '../statements.ts';
import type { FoundState } from './record-states.ts';

/**
 * Ids of records are read ascending and in parts, through a connection of their own, which closes with them: between two
 * parts anything may be done, and all are of one moment. The first part is short, for the page that somebody waits for.
 */
const firstIds = 512;
const mostIds = 32_768;

/** Records with a tag (its number). */
export function idsOfTag(db: Database, tag: number): Generator<number[], void> {
  return readIds(
    db,
    'SELECT record FROM record_tags WHERE tag = ? AND record > ? ORDER BY record LIMIT ?',
    tag,
  );
}

/** Records whose picture a check found so. */
export function idsOfState(db: Database, dataset: number, state: FoundState): Generator<number[], void> {
  return readIds(
    db,
    'SELECT record FROM record_states WHERE dataset = ? AND state = ? AND record > ? ORDER BY record LIMIT ?',
    dataset,
    state,
  );
}

/** Records that a variant changes. */
export function idsOfVariant(db: Database, variantId: string): Generator<number[], void> {
  return readIds(
    db,
    `SELECT record FROM variant_records WHERE variant = (SELECT number FROM variants WHERE id = ?) AND record > ?
     ORDER BY record LIMIT ?`,
    variantId,
  );
}

/** @param sql with the parameters `values`, the id that all are above, and how many are wanted */
function readIds(db: Database, sql: string, ...values: SqlValue[]): Generator<number[], void> {
  return readBeside(db, (reader) => inParts(prepareIds(reader, sql), values));
}

type IdStatement = ReturnType<typeof prepareIds>;

function prepareIds(reader: Database, sql: string) {
  return reader.prepare<SqlValue[], number>(sql).pluck();
}

/** A part is one statement: taking rows from a statement one by one takes four times as long. */
function* inParts(statement: IdStatement, values: readonly SqlValue[]): Generator<number[], void> {
  let last = -1;
  for (let wanted = firstIds; ; wanted = mostIds) {
    const ids = statement.all(...values, last, wanted);
    if (ids.length > 0) yield ids;
    if (ids.length < wanted) return;
    last = ids.at(-1) ?? last;
  }
}
