import SqliteDatabase from 'better-sqlite3';
import { tokenizer } from './index-file.ts';

/**
 * Which of some captions that are not in the index match an expression made by toMatchExpression.
 * @returns their places in `captions`
 */
export function matchCaptions(captions: readonly string[], expression: string): Set<number> {
  const db = new SqliteDatabase(':memory:');
  try {
    db.exec(`CREATE VIRTUAL TABLE captions USING fts5 (caption, tokenize = '${tokenizer}')`);
    const insert = db.prepare<[number, string]>('INSERT INTO captions (rowid, caption) VALUES (?, ?)');
    db.transaction(() => captions.forEach((caption, place) => void insert.run(place, caption)))();
    const found = db.prepare<[string], number>('SELECT rowid FROM captions WHERE captions MATCH ?').pluck();
    return new Set(found.all(expression));
  } finally {
    db.close();
  }
}
