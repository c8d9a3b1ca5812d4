import { type ModelSpec, modelSpecSchema } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Model } from '#contract/run.ts';
import { createId, missing, now, numberOf } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

interface ModelRow extends Omit<Model, 'spec'> {
  spec: string;
}

const select = `SELECT m.id, r.name, r.id AS runId, m.checkpoint AS checkpointId, m.spec, m.created_at AS createdAt
  FROM models m JOIN runs r ON r.number = m.run`;

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
    const id = createId('models');
    const { spec } = model;
    prepare(
      db,
      `INSERT INTO models (id, run, checkpoint, spec, architecture, resolution, has_head, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      id,
      run,
      model.checkpointId,
      JSON.stringify(spec),
      spec.architecture,
      spec.clip.image.resolution,
      Number(spec.headClasses !== null),
      now(),
    );
    return findModel(db, id);
  });
}

/** The model of this id, or the one that the run of this name or id made. Throws `not-found`. */
export function findModel(db: Database, nameOrId: string): Model {
  const row = prepare<ModelRow>(db, `${select} WHERE m.id = ? OR r.id = ? OR r.name = ?`).get(
    nameOrId,
    nameOrId,
    nameOrId,
  );
  if (row !== undefined) return toModel(row);
  const run = prepare<{ name: string; state: string }>(
    db,
    'SELECT name, state FROM runs WHERE id = ? OR name = ?',
  ).get(nameOrId, nameOrId);
  if (run !== undefined) {
    throw new WorkbenchError(
      'not-found',
      `Run '${run.name}' has no model: it is ${run.state}. Resume it, or choose a run that is done.`,
      { nameOrId, state: run.state },
    );
  }
  const existing = prepare<{ name: string }>(
    db,
    'SELECT r.name FROM models m JOIN runs r ON r.number = m.run ORDER BY m.number DESC LIMIT 11',
  ).all();
  throw missing('models', nameOrId, existing);
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
    `${select} JOIN checkpoints c ON c.id = m.checkpoint WHERE c.weights_sha256 = ? ORDER BY m.number LIMIT 1`,
  ).get(weightsSha256);
  return row === undefined ? null : toModel(row);
}

/** All models, oldest first. */
export function listModels(db: Database): Model[] {
  return prepare<ModelRow>(db, `${select} ORDER BY m.number`).all().map(toModel);
}

function toModel(row: ModelRow): Model {
  return { ...row, spec: modelSpecSchema.parse(JSON.parse(row.spec)) };
}
