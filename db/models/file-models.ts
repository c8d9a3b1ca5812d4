import { holds, textToHold } from '../holds.ts';
import { numberOf, refuseTakenName } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

/** Names of the runs that started from a model, oldest first; deleted ones that can be had back among them. */
export function listRunsFrom(db: Database, modelId: string): string[] {
  return prepare<{ name: string }>(db, 'SELECT name FROM runs WHERE parent_model = ? ORDER BY number')
    .all(numberOf(db, 'models', modelId))
    .map(({ name }) => name);
}

/** The newest models from a file whose name holds `text`, or the newest of all for an empty one. */
export function findFileModelNames(
  db: Database,
  text: string,
  limit: number,
): { id: string; name: string }[] {
  return prepare<{ id: string; name: string }>(
    db,
    `SELECT m.id, m.name FROM models m WHERE m.run IS NULL AND ${holds('m.name')} ORDER BY m.number DESC LIMIT ?`,
  ).all(...textToHold(text), limit);
}

/** How many models were brought from a file. */
export function countFileModels(db: Database): number {
  return (
    prepare<{ count: number }>(db, 'SELECT count(*) AS count FROM models WHERE run IS NULL').get()?.count ?? 0
  );
}

/** Deletes a model that no run made, with its evaluations. The caller made sure that nothing started from it. */
export function removeFileModel(db: Database, modelId: string): void {
  inTransaction(db, () => {
    const model = numberOf(db, 'models', modelId);
    const evaluations = '(SELECT number FROM evaluations WHERE model = ?)';
    for (const table of ['predictions', 'class_results']) {
      prepare(db, `DELETE FROM ${table} WHERE evaluation IN ${evaluations}`).run(model);
    }
    prepare(db, 'DELETE FROM evaluations WHERE model = ?').run(model);
    prepare(db, 'DELETE FROM models WHERE number = ? AND run IS NULL').run(model);
  });
}

/** Throws `conflict` where the name is taken. */
export function renameFileModel(db: Database, modelId: string, name: string): void {
  inTransaction(db, () => {
    refuseTakenName(db, 'models', name);
    prepare(db, 'UPDATE models SET name = ? WHERE number = ? AND run IS NULL').run(
      name,
      numberOf(db, 'models', modelId),
    );
  });
}
