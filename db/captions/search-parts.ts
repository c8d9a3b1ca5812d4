import SqliteDatabase, { type Statement } from 'better-sqlite3';
import type { Database, SqlValue } from '../statements.ts';
import { indexNextPart } from './build-part.ts';
import { type CaptionPart, forgetPart, indexedFrom } from './caption-parts.ts';
import { readIndexFile, withIndexFile } from './index-file.ts';

/** A search gives what it has found after so long, at the end of a part, in milliseconds. */
const partsMs = 8;

/** What was found in the first `done` of some parts, and perhaps in the one behind them. */
export interface FoundIds {
  /** Ascending. */
  ids: Uint32Array<ArrayBuffer>;
  done: number;
  /** The part behind those that are done is not in the file. */
  isMissing: boolean;
}

export interface PartReader {
  /**
   * Ids of records whose caption matches an expression made by toMatchExpression, in parts that follow each other. It
   * ends with the part in which `most` are found, in which others may be left, or when some time has passed.
   * @param after all of them are above this id
   * @throws WorkbenchError `corrupt-file`
   */
  search(parts: readonly CaptionPart[], expression: string, after: number, most: number): FoundIds;
  close(): void;
}

/** Searches in parts of the index of the database at a path; the file is opened when it is needed. */
export function openPartReader(database: string): PartReader {
  let index: Database | null = null;
  const statements = new Map<string, Statement<SqlValue[], number>>();
  const close = () => {
    statements.clear();
    index?.close();
    index = null;
  };
  const look = (name: string, expression: string, after: number, most: number): number[] | null => {
    index ??= readIndexFile(database);
    if (index === null) return null;
    try {
      let statement = statements.get(name);
      if (statement === undefined) {
        const sql = `SELECT rowid FROM ${name} WHERE ${name} MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?`;
        statement = index.prepare<SqlValue[], number>(sql).pluck();
        statements.set(name, statement);
      }
      return statement.all(expression, after, most);
    } catch (error) {
      if (error instanceof SqliteDatabase.SqliteError && /no such table: part_/.test(error.message))
        return null;
      throw error;
    }
  };
  const lookAgain = (name: string, expression: string, after: number, most: number): number[] | null => {
    const found = look(name, expression, after, most);
    if (found !== null) return found;
    // Another file may lie there by now.
    close();
    return look(name, expression, after, most);
  };
  return {
    search: (parts, expression, after, most) =>
      withIndexFile(database, () => {
        const started = performance.now();
        const found: number[][] = [];
        let left = most;
        let done = 0;
        let isMissing = false;
        for (const { name } of parts) {
          const ids = lookAgain(name, expression, after, left);
          isMissing = ids === null;
          if (ids === null) break;
          found.push(ids);
          left -= ids.length;
          if (left === 0) break;
          done += 1;
          if (performance.now() - started > partsMs) break;
        }
        return { ids: concatenate(found), done, isMissing };
      }),
    close,
  };
}

function concatenate(parts: readonly number[][]): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** More than there are ids. */
export const allIds = 2 ** 32;

/**
 * Ids of a dataset's records (its number) whose caption matches an expression made by toMatchExpression, ascending, in
 * parts. Captions that are not indexed yet are indexed first: it is called outside of transactions.
 * @throws WorkbenchError `corrupt-file`
 */
export function* idsOfMatches(
  db: Database,
  dataset: number,
  expression: string,
): Generator<Uint32Array, void> {
  const reader = openPartReader(db.name);
  try {
    for (let after = 0; ; ) {
      const { parts, gap } = indexedFrom(db, dataset, after);
      if (parts.length > 0) {
        const { ids, done, isMissing } = reader.search(parts, expression, after, allIds);
        if (ids.length > 0) yield ids;
        after = parts[done - 1]?.last ?? after;
        if (isMissing) forgetPart(db, parts[done]?.name ?? '');
      } else if (gap === null) return;
      else indexNextPart(db, dataset);
    }
  } finally {
    reader.close();
  }
}
