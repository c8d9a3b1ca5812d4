import { randomBytes } from 'node:crypto';
import SqliteDatabase from 'better-sqlite3';
import { WorkbenchError } from '#contract/errors.ts';
import { type IdSpan, idSpans } from '../datasets/record-blocks.ts';
import { type Database, prepare } from '../statements.ts';
import { type BuiltPart, type CaptionGap, indexedFrom, recordPart } from './caption-parts.ts';
import { changeIndexFile, tokenizer, withIndexFile } from './index-file.ts';

/**
 * Records of a part: it is made in one transaction, and a search in one takes milliseconds. Parts that grow would be
 * merged again and again, which took a third of the time.
 */
export const partRecords = 100_000;

/** All words of a part are collected before any is written. */
const collectedBytes = 32 * 2 ** 20;

/** A part that nobody has recorded for so long is a killed program's. */
const forgottenMs = 60 * 60_000;

/** Indexes the next part of a gap; nobody finds it until recordPart. @returns null where no record is left there */
export function buildPart(
  database: string,
  dataset: number,
  { after, upTo }: CaptionGap,
  most = partRecords,
): BuiltPart | null {
  const name = `part_${Date.now()}_${randomBytes(6).toString('hex')}`;
  const build = (index: Database): BuiltPart | null => {
    // Only now, so that the transaction holds no lock of the database, of which all that is read is of one moment.
    index.prepare('ATTACH ? AS workbench').run(database);
    const now = prepare<{ id: string; revision: number }>(
      index,
      'SELECT id, revision FROM workbench.datasets WHERE number = ?',
    ).get(dataset);
    const last = lastOf(idSpans(index, dataset), { after, upTo }, most);
    if (now === undefined || last === null) return null;
    index.exec(`CREATE VIRTUAL TABLE ${name} USING fts5 (
      caption, content = '', columnsize = 0, prefix = '1 2', tokenize = '${tokenizer}')`);
    index.exec(`INSERT INTO ${name} (${name}, rank) VALUES ('hashsize', ${collectedBytes})`);
    prepare(
      index,
      `INSERT INTO ${name} (rowid, caption) SELECT id, caption FROM workbench.records
       WHERE +dataset = ? AND id > ? AND id <= ? ORDER BY id`,
    ).run(dataset, after, last);
    dropForgotten(index);
    return { datasetId: now.id, revision: now.revision, after, last, name };
  };
  return withIndexFile(database, () => changeIndexFile(database, build));
}

/** The last of the first records of a gap, at most so many; null where it has none. */
function lastOf(spans: readonly IdSpan[], { after, upTo }: CaptionGap, most: number): number | null {
  let found: number | null = null;
  let left = most;
  for (const { first, last } of spans) {
    const from = Math.max(first, after + 1);
    const to = Math.min(last, upTo, from + left - 1);
    if (to < from) continue;
    found = to;
    left -= to - from + 1;
  }
  return found;
}

/** Indexes the next part of a dataset (its number) that is not. @returns whether there was any */
export function indexNextPart(db: Database, dataset: number, most = partRecords): boolean {
  const { gap } = indexedFrom(db, dataset, 0);
  if (gap === null) return false;
  if (db.inTransaction) {
    throw new WorkbenchError('internal', 'Captions are indexed after the transaction that adds them.');
  }
  keepPart(db, dataset, buildPart(db.name, dataset, gap, most));
  return true;
}

/** Records what buildPart made; what cannot be is removed again. */
export function keepPart(db: Database, dataset: number, part: BuiltPart | null): void {
  if (part !== null && !recordPart(db, dataset, part)) dropParts(db.name, [part.name]);
}

/** Removes parts from the index file; where that fails, they are forgotten and go when one is made. */
export function dropParts(database: string, names: readonly string[]): void {
  if (names.length === 0) return;
  try {
    changeIndexFile(database, (index) => {
      for (const name of names) index.exec(`DROP TABLE IF EXISTS ${name}`);
    });
  } catch (error) {
    if (!(error instanceof SqliteDatabase.SqliteError)) throw error;
  }
}

/** Removes parts that killed programs left. */
function dropForgotten(index: Database): void {
  const names = prepare<{ name: string }>(
    index,
    `SELECT name FROM sqlite_schema WHERE sql GLOB 'CREATE VIRTUAL TABLE part_*'
     AND name NOT IN (SELECT name FROM workbench.caption_parts)`,
  ).all();
  for (const { name } of names) {
    if (Number(name.split('_')[1]) < Date.now() - forgottenMs) index.exec(`DROP TABLE ${name}`);
  }
}
