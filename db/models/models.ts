import { type ModelSpec, modelSpecSchema } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { type Model, type ModelOrigin, modelOriginSchema } from '#contract/run.ts';
import { createId, missing, now, numberOf, refuseTakenName } from '../names.ts';
import { rememberRead } from '../reading.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

interface ModelRow extends Omit<Model, 'spec' | 'origin'> {
  spec: string;
  origin: string | null;
  runId: string | null;
  checkpointId: number | null;
}

const select = `SELECT m.id, coalesce(m.name, r.name) AS name, r.id AS runId, m.checkpoint AS checkpointId, m.origin,
  coalesce(m.path, c.path) AS folder, coalesce(m.weights_sha256, c.weights_sha256) AS weightsSha256, m.spec,
  m.created_at AS createdAt
  FROM models m LEFT JOIN runs r ON r.number = m.run LEFT JOIN checkpoints c ON c.id = m.checkpoint`;

/** A deleted run's model is out of sight with it; one of a file has no run. */
const visible = 'r.deleted_at IS NULL';

/** What a run ends with; it has the run's name. */
export interface NewModel {
  runId: string;
  checkpointId: number;
  spec: ModelSpec;
}

/** Stores the model that a run made. Throws `conflict` where the run has one. */
export function insertModel(db: Database, model: NewModel): Model {
  return inTransaction(db, () => {
    const run = numberOf(db, 'runs', model.runId);
    const other = prepare<{ id: string }>(db, 'SELECT id FROM models WHERE run = ?').get(run);
    if (other !== undefined) {
      throw new WorkbenchError(
        'conflict',
        `Run ${model.runId} has made a model already (${other.id}): train again under another name.`,
        { runId: model.runId, modelId: other.id },
      );
    }
    return insert(db, model.spec, { run, checkpoint: model.checkpointId });
  });
}

/** A model that was brought from a file. */
export interface NewFileModel {
  name: string;
  origin: Extract<ModelOrigin, { kind: 'file' }>;
  /** With weights.safetensors and model.json, relative to the workspace. */
  folder: string;
  /** SHA-256 (hex) of weights.safetensors. */
  weightsSha256: string;
  spec: ModelSpec;
}

/** Stores a model that no run made. Throws `conflict` where a run or another such model has its name. */
export function insertFileModel(db: Database, model: NewFileModel): Model {
  return inTransaction(db, () => {
    refuseTakenName(db, 'models', model.name);
    const { name, folder: path, weightsSha256, origin } = model;
    return insert(db, model.spec, { name, path, weightsSha256, origin: JSON.stringify(origin) });
  });
}

interface OriginColumns {
  run?: number;
  checkpoint?: number;
  name?: string;
  path?: string;
  weightsSha256?: string;
  origin?: string;
}

function insert(db: Database, spec: ModelSpec, columns: OriginColumns): Model {
  const id = createId('models');
  const { run = null, checkpoint = null, name = null, path = null } = columns;
  prepare(
    db,
    `INSERT INTO models (id, run, checkpoint, name, path, weights_sha256, origin, spec, architecture, resolution,
       has_head, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    id,
    run,
    checkpoint,
    name,
    path,
    columns.weightsSha256 ?? null,
    columns.origin ?? null,
    JSON.stringify(spec),
    spec.architecture,
    spec.clip.image.resolution,
    Number(spec.headClasses !== null),
    now(),
  );
  return findModel(db, id);
}

/** The model of this id, or of this name; or the one that the run of this name or id made. Throws `not-found`. */
export function findModel(db: Database, nameOrId: string): Model {
  const found = lookUpModel(db, nameOrId);
  if (found.model !== null) return found.model;
  if (found.run !== null) {
    const { name, state } = found.run;
    throw new WorkbenchError(
      'not-found',
      `Run '${name}' has no model: it is ${state}. Resume it, or choose a run that is done.`,
      { nameOrId, state },
    );
  }
  const existing = prepare<{ name: string }>(
    db,
    `SELECT coalesce(m.name, r.name) AS name FROM models m LEFT JOIN runs r ON r.number = m.run WHERE ${visible}
     ORDER BY m.number DESC LIMIT 11`,
  ).all();
  throw missing('models', nameOrId, existing);
}

/** {@link findModel}, where nothing or a run without a model may be found. */
export function lookUpModel(db: Database, nameOrId: string): FoundModel {
  return rememberRead(db, `model ${nameOrId}`, () => readModel(db, nameOrId));
}

interface FoundModel {
  model: Model | null;
  /** The run of that name, which has no model. */
  run: { name: string; state: string } | null;
}

function readModel(db: Database, nameOrId: string): FoundModel {
  // A look at an index each, the first that finds it: one condition over both tables would read all of them.
  for (const column of ['m.id', 'm.name', 'r.id', 'r.name']) {
    const row = prepare<ModelRow>(db, `${select} WHERE ${column} = ? AND ${visible}`).get(nameOrId);
    if (row !== undefined) return { model: toModel(row), run: null };
  }
  const run = prepare<{ name: string; state: string }>(
    db,
    'SELECT name, state FROM runs WHERE deleted_at IS NULL AND (id = ? OR name = ?)',
  ).get(nameOrId, nameOrId);
  return { model: null, run: run ?? null };
}

/** A model with weights of this SHA-256 (hex), the oldest of several. Throws `not-found`. */
export function findModelByWeights(db: Database, weightsSha256: string): Model {
  const model = lookUpModelByWeights(db, weightsSha256);
  if (model !== null) return model;
  throw new WorkbenchError(
    'not-found',
    `No model here has the weights ${weightsSha256} that the recipe names: make the run again that made it, or choose another model.`,
    { weightsSha256 },
  );
}

/** The first model with these weights; null where there is none. */
export function lookUpModelByWeights(db: Database, weightsSha256: string): Model | null {
  const row = prepare<ModelRow>(
    db,
    `${select} WHERE m.number IN (SELECT number FROM models WHERE weights_sha256 = ?
       UNION SELECT k.number FROM checkpoints x JOIN models k ON k.checkpoint = x.id WHERE x.weights_sha256 = ?)
       AND ${visible} ORDER BY m.number LIMIT 1`,
  ).get(weightsSha256, weightsSha256);
  return row === undefined ? null : toModel(row);
}

/** All models, oldest first. */
export function listModels(db: Database): Model[] {
  return prepare<ModelRow>(db, `${select} WHERE ${visible} ORDER BY m.number`).all().map(toModel);
}

function toModel({ runId, checkpointId, origin, spec, ...row }: ModelRow): Model {
  return {
    ...row,
    origin: modelOriginSchema.parse(
      origin === null ? { kind: 'run', runId, checkpointId } : JSON.parse(origin),
    ),
    spec: modelSpecSchema.parse(JSON.parse(spec)),
  };
}
