import { numberOf, refuseTakenName } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

/** Names of the runs that started from a model, oldest first; deleted ones that can be had back among them. */
export function listRunsFrom(db: Database, modelId: string): string[] {
  return prepare<{ name: string }>(db, 'SELECT name FROM runs WHERE parent_model = ? ORDER BY number')
    .all(numberOf(db, 'models', modelId))
    .map(({ name }) => name);
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
