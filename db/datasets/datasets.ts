import { z } from 'zod';
import { type Dataset, datasetSourceSchema } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { listFirst } from '#core/list-first.ts';
import { missing } from '../names.ts';
import { rememberRead } from '../reading.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';
import { fromStoredRoot } from './dataset-roots.ts';

interface DatasetRow {
  id: string;
  name: string;
  source: string;
  root: string;
  prompts: string;
  captionTemplates: string;
  records: number;
  pictures: number;
  classes: string;
  createdAt: string;
  unchecked: number;
}

const columns = `id, name, source, root, prompts, caption_templates AS captionTemplates, records, pictures, classes,
  created_at AS createdAt, unchecked`;
const stringsSchema = z.array(z.string());

/** The dataset of this name or id. Throws `not-found`. */
export function findDataset(db: Database, nameOrId: string): Dataset {
  return rememberRead(db, `dataset ${nameOrId}`, () => readDataset(db, nameOrId));
}

function readDataset(db: Database, nameOrId: string): Dataset {
  const row = prepare<DatasetRow>(
    db,
    `SELECT ${columns} FROM datasets WHERE state = 'ready' AND (id = ? OR name = ?)`,
  ).get(nameOrId, nameOrId);
  if (row === undefined) {
    const existing = prepare<{ name: string }>(
      db,
      "SELECT name FROM datasets WHERE state = 'ready' ORDER BY number DESC LIMIT 11",
    ).all();
    throw missing('datasets', nameOrId, existing);
  }
  return toDataset(db, row);
}

/** All datasets, oldest first. */
export function listDatasets(db: Database): Dataset[] {
  return prepare<DatasetRow>(db, `SELECT ${columns} FROM datasets WHERE state = 'ready' ORDER BY number`)
    .all()
    .map((row) => toDataset(db, row));
}

/** What browsing needs to know of a dataset, without its classes and texts. */
export interface DatasetLocation {
  number: number;
  id: string;
  name: string;
  root: string;
  records: number;
  /** Checks of its pictures so far: what is remembered of their states is old when it grows. */
  checks: number;
  /** Changes of its records so far: what is remembered of them is old when it grows. */
  revision: number;
}

/** {@link findDataset} for what is asked often. Throws `not-found`. */
export function locateDataset(db: Database, nameOrId: string): DatasetLocation {
  const row = prepare<DatasetLocation>(
    db,
    "SELECT number, id, name, root, records, checks, revision FROM datasets WHERE state = 'ready' AND (id = ? OR name = ?)",
  ).get(nameOrId, nameOrId);
  if (row !== undefined) return { ...row, root: fromStoredRoot(db, row.root) };
  findDataset(db, nameOrId);
  throw new WorkbenchError('internal', `The dataset '${nameOrId}' was deleted meanwhile.`);
}

/** What was made from a dataset, oldest first: it cannot be deleted while any of it is there. */
export interface DatasetUsers {
  variants: { id: string; name: string }[];
  /** `deleted`: hidden, but can still be brought back. */
  runs: { id: string; name: string; deleted: boolean }[];
  evaluations: number;
}

/** Throws `not-found`. */
export function listDatasetUsers(db: Database, nameOrId: string): DatasetUsers {
  const { number } = locateDataset(db, nameOrId);
  return {
    variants: prepare<{ id: string; name: string }>(
      db,
      'SELECT id, name FROM variants WHERE dataset = ? ORDER BY number',
    ).all(number),
    runs: prepare<{ id: string; name: string; deleted: number }>(
      db,
      'SELECT id, name, deleted_at IS NOT NULL AS deleted FROM runs WHERE dataset = ? ORDER BY number',
    )
      .all(number)
      .map((run) => ({ ...run, deleted: run.deleted === 1 })),
    evaluations:
      prepare<{ count: number }>(db, 'SELECT count(*) AS count FROM evaluations WHERE dataset = ?').get(
        number,
      )?.count ?? 0,
  };
}

/**
 * Takes a dataset out of sight and frees its name; removeDataset then deletes its rows, and where the program dies
 * before that, the next opening does. Throws `conflict` while variants, runs or evaluations use it.
 */
export function hideDataset(db: Database, datasetId: string): void {
  inTransaction(db, () => {
    refuseUsed(db, datasetId, 'it cannot be deleted while they exist.');
    prepare(db, "UPDATE datasets SET state = 'importing', name = id WHERE id = ?").run(datasetId);
  });
}

/** Changes the prompts of a dataset. */
export function storePrompts(db: Database, datasetId: string, prompts: readonly string[]): void {
  prepare(db, 'UPDATE datasets SET prompts = ? WHERE id = ?').run(JSON.stringify(prompts), datasetId);
}

/** @throws WorkbenchError `conflict` while variants, runs or evaluations use a dataset; `therefore` ends the message */
export function refuseUsed(db: Database, datasetId: string, therefore: string): void {
  const { id, name } = findDataset(db, datasetId);
  const users = prepare<{ name: string }>(
    db,
    `WITH this AS (SELECT number FROM datasets WHERE id = ?)
     SELECT 'variant ''' || name || '''' AS name FROM variants WHERE dataset = (SELECT number FROM this)
     UNION ALL SELECT 'run ''' || name || '''' FROM runs WHERE dataset = (SELECT number FROM this)
     UNION ALL SELECT 'evaluation ' || id FROM evaluations WHERE dataset = (SELECT number FROM this)
     LIMIT 11`,
  ).all(id);
  if (users.length === 0) return;
  const names = users.map((user) => user.name);
  throw new WorkbenchError('conflict', `Dataset '${name}' is used by ${listFirst(names, 10)}: ${therefore}`, {
    datasetId: id,
    users: names.slice(0, 10),
  });
}

function toDataset(db: Database, row: DatasetRow): Dataset {
  return {
    ...row,
    root: fromStoredRoot(db, row.root),
    source: datasetSourceSchema.parse(JSON.parse(row.source)),
    prompts: stringsSchema.parse(JSON.parse(row.prompts)),
    captionTemplates: stringsSchema.parse(JSON.parse(row.captionTemplates)),
    classes: stringsSchema.parse(JSON.parse(row.classes)),
    unchecked: row.unchecked === 1,
  };
}
