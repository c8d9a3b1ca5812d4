import { WorkbenchError } from '#contract/errors.ts';
import { checkName } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

/** A query that a person gave a name; `query` is JSON, which contract/api/datasets.ts describes. */
export interface SavedViewRow {
  id: number;
  name: string;
  query: string;
}

/** The saved views of a dataset (its number) by name. */
export function listViews(db: Database, dataset: number): SavedViewRow[] {
  return prepare<SavedViewRow>(
    db,
    'SELECT id, name, query FROM saved_views WHERE dataset = ? ORDER BY name',
  ).all(dataset);
}

/** Throws `conflict` where the dataset has a view of this name, `bad-input` where it is no name. */
export function saveView(db: Database, dataset: number, name: string, query: string): SavedViewRow {
  checkName('views', name);
  return inTransaction(db, () => {
    refuseTaken(db, dataset, name, null);
    const { lastInsertRowid } = prepare(
      db,
      'INSERT INTO saved_views (dataset, name, query) VALUES (?, ?, ?)',
    ).run(dataset, name, query);
    return { id: Number(lastInsertRowid), name, query };
  });
}

/** Throws `not-found`; `conflict` where the dataset has another view of this name, `bad-input` where it is no name. */
export function renameView(db: Database, id: number, name: string): SavedViewRow {
  checkName('views', name);
  return inTransaction(db, () => {
    const row = prepare<SavedViewRow & { dataset: number }>(
      db,
      'SELECT id, name, query, dataset FROM saved_views WHERE id = ?',
    ).get(id);
    if (row === undefined) {
      throw new WorkbenchError('not-found', 'This view was deleted: keep what is shown under a new name.', {
        id,
      });
    }
    refuseTaken(db, row.dataset, name, id);
    prepare(db, 'UPDATE saved_views SET name = ? WHERE id = ?').run(name, id);
    return { id, name, query: row.query };
  });
}

/** @returns whether there was such a view */
export function deleteView(db: Database, id: number): boolean {
  return prepare(db, 'DELETE FROM saved_views WHERE id = ?').run(id).changes > 0;
}

function refuseTaken(db: Database, dataset: number, name: string, but: number | null): void {
  if (!listViews(db, dataset).some((view) => view.name === name && view.id !== but)) return;
  throw new WorkbenchError(
    'conflict',
    `There is a view named '${name}' already: choose another name, or delete that view first.`,
    { name },
  );
}
