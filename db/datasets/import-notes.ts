import { z } from 'zod';
import { type ImportNote, importNoteSchema } from '#contract/import.ts';
import { type Database, prepare } from '../statements.ts';

/** Keeps what the import of a dataset (its number) had to say. */
export function storeNotes(db: Database, dataset: number, notes: readonly ImportNote[]): void {
  prepare(db, 'UPDATE datasets SET import_notes = ? WHERE number = ?').run(JSON.stringify(notes), dataset);
}

/** What the import of a dataset (its number) had to say. */
export function readNotes(db: Database, dataset: number): ImportNote[] {
  const row = prepare<{ notes: string }>(
    db,
    'SELECT import_notes AS notes FROM datasets WHERE number = ?',
  ).get(dataset);
  return z.array(importNoteSchema).parse(JSON.parse(row?.notes ?? '[]'));
}
