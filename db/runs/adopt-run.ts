import SqliteDatabase from 'better-sqlite3';
import { WorkbenchError } from '#contract/errors.ts';
import { freeNameIn, now } from '../names.ts';
import { type Database, inTransaction, prepare, type SqlValue } from '../statements.ts';

/** What of a run is taken over. */
export interface Adoption {
  /** Path of the database that has the run: a copy of this one, in which it was made. */
  from: string;
  runId: string;
  /** Takes the checkpoint of the model alone, not those before it. */
  lastCheckpointOnly: boolean;
}

/** The checkpoints that {@link adoptRun} takes, paths relative to their workspace; the last is the model's. */
export function listAdoptedCheckpoints({ from, runId, lastCheckpointOnly }: Adoption): {
  path: string;
  weightsSha256: string;
}[] {
  const other = new SqliteDatabase(from, { fileMustExist: true });
  try {
    return other
      .prepare<[string], { path: string; weightsSha256: string }>(
        `SELECT c.path, c.weights_sha256 AS weightsSha256 FROM checkpoints c JOIN runs r ON r.number = c.run
         WHERE r.id = ? ${lastCheckpointOnly ? 'AND c.id IN (SELECT checkpoint FROM models)' : ''}
         ORDER BY c.step`,
      )
      .all(runId);
  } finally {
    other.close();
  }
}

/** Takes what is not done out of a copy of a database, so that nothing in it goes on with that. */
export function hideUnfinishedRuns(path: string): void {
  const copy = new SqliteDatabase(path, { fileMustExist: true });
  try {
    copy.prepare("UPDATE runs SET deleted_at = ? WHERE state <> 'done' AND deleted_at IS NULL").run(now());
  } finally {
    copy.close();
  }
}

/**
 * Takes a run from a copy of this database with its metrics, checkpoints, model, evaluations and log; its files are the
 * caller's. What it was made from must be here, by the same ids.
 * @returns false where the run is here already: nothing is changed
 * @throws WorkbenchError `conflict` where something that it was made from is not here
 */
export function adoptRun(db: Database, { from, runId, lastCheckpointOnly }: Adoption): boolean {
  db.prepare('ATTACH DATABASE ? AS other').run(from);
  try {
    return inTransaction(db, () => {
      if (prepare(db, 'SELECT 1 FROM main.runs WHERE id = ?').get(runId) !== undefined) return false;
      copyOfRun(db, copyRun(db, runId), runId, lastCheckpointOnly);
      return true;
    });
  } finally {
    db.exec('DETACH DATABASE other');
  }
}

/** The row of the same id here. */
const here = (table: string, column: string) =>
  `(SELECT h.number FROM main.${table} h JOIN other.${table} o ON o.id = h.id WHERE o.number = t.${column})`;

function copyRun(db: Database, runId: string): number {
  const found = prepare<{ name: string; parent: number | null; parentHere: number | null }>(
    db,
    `SELECT t.name, t.parent_model AS parent, ${here('models', 'parent_model')} AS parentHere
     FROM other.runs t WHERE t.id = ?`,
  ).get(runId);
  if (found === undefined || (found.parent !== null && found.parentHere === null)) {
    throw new WorkbenchError(
      'conflict',
      'A result came back whose run, or the model that it started from, is not in this workspace.',
      { runId },
    );
  }
  copyRows(
    db,
    'runs',
    't.id = ?',
    [runId],
    {
      number: 'NULL',
      name: '?',
      dataset: here('datasets', 'dataset'),
      variant: here('variants', 'variant'),
      parent_model: here('models', 'parent_model'),
      queue_place: 'NULL',
    },
    [freeNameIn(db, 'runs', found.name)],
  );
  return numberHere(db, 'runs', runId);
}

function copyOfRun(db: Database, run: number, runId: string, lastCheckpointOnly: boolean): void {
  const ofRun = 't.run = (SELECT number FROM other.runs WHERE id = ?)';
  for (const table of ['metrics', 'metric_ranges', 'run_log']) {
    copyRows(db, table, ofRun, [runId], { run: String(run) });
  }
  const last = lastCheckpointOnly ? ' AND t.id IN (SELECT checkpoint FROM other.models)' : '';
  copyRows(db, 'checkpoints', `${ofRun}${last}`, [runId], { id: 'NULL', run: String(run) });
  copyRows(db, 'models', ofRun, [runId], {
    number: 'NULL',
    run: String(run),
    checkpoint: `(SELECT c.id FROM main.checkpoints c JOIN other.checkpoints o ON o.step = c.step WHERE c.run = ${run} AND o.id = t.checkpoint)`,
  });
  const model = prepare<{ number: number; id: string }>(
    db,
    'SELECT number, id FROM main.models WHERE run = ?',
  ).get(run);
  if (model !== undefined) copyOfModel(db, model);
}

function copyOfModel(db: Database, model: { number: number; id: string }): void {
  const ofModel = 't.model = (SELECT number FROM other.models WHERE id = ?)';
  const measured = {
    model: String(model.number),
    dataset: here('datasets', 'dataset'),
    variant: here('variants', 'variant'),
  };
  copyRows(db, 'image_embeddings', ofModel, [model.id], measured);
  copyRows(db, 'evaluations', ofModel, [model.id], { number: 'NULL', ...measured });
  const ofEvaluation =
    't.evaluation IN (SELECT e.number FROM other.evaluations e JOIN other.models m ON m.number = e.model WHERE m.id = ?)';
  for (const table of ['class_results', 'predictions', 'evaluation_metrics']) {
    copyRows(db, table, ofEvaluation, [model.id], { evaluation: here('evaluations', 'evaluation') });
  }
}

/** Copies rows of a table from the other database; `changed` has SQL in place of a column. */
function copyRows(
  db: Database,
  table: string,
  where: string,
  values: readonly SqlValue[],
  changed: Readonly<Record<string, string>>,
  changedValues: readonly SqlValue[] = [],
): void {
  const columns = prepare<{ name: string }>(db, `SELECT name FROM pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => name);
  const selected = columns.map((name) => changed[name] ?? `t.${name}`);
  // A statement kept for later would name a database that is attached no more.
  db.prepare(
    `INSERT INTO main.${table} (${columns.join(', ')}) SELECT ${selected.join(', ')} FROM other.${table} t WHERE ${where}`,
  ).run(...changedValues, ...values);
}

function numberHere(db: Database, table: string, id: string): number {
  const row = db
    .prepare<[string], { number: number }>(`SELECT number FROM main.${table} WHERE id = ?`)
    .get(id);
  if (row === undefined) throw new RangeError(`${id} was not copied.`);
  return row.number;
}
