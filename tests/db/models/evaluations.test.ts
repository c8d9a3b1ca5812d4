import { expect, test } from 'vitest';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { EvaluationResult, Share } from '#contract/evaluation.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import {
  findEvaluation,
  insertEvaluation,
  latestEvaluationOf,
  listEvaluations,
  listMeasuredVariants,
  readEvaluation,
  readPredictions,
} from '#db/models/evaluations.ts';
import { findImageEmbeddings, saveImageEmbeddings } from '#db/models/image-embeddings.ts';
import { findModel, insertModel, listModels } from '#db/models/models.ts';
import { findScores, listScores } from '#db/models/scores.ts';
import { insertCheckpoint, latestCheckpoint, listCheckpoints } from '#db/runs/checkpoints.ts';
import { findRun, insertRun } from '#db/runs/runs.ts';
import { insertVariant } from '#db/variants/variants.ts';
import { datasetNamed, runNamed, variantNamed } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

const spec: ModelSpec = {
  architecture: 'tiny',
  clip: {
    embedDim: 8,
    image: { kind: 'vit', resolution: 32, patchSize: 8, width: 64, layers: 1, heads: 1 },
    text: { contextLength: 16, vocabularySize: 3, width: 64, heads: 1, layers: 1 },
  },
  vocabulary: [5, 9, 49407],
  headClasses: null,
};

function databaseWithModel() {
  const db = temporaryDatabase();
  const datasetId = beginImport(db, datasetNamed('pairs')).finish().id;
  const variantId = insertVariant(db, variantNamed('poisoned', datasetId), []).id;
  const run = insertRun(db, runNamed('first', datasetId, { variantId }));
  const checkpoint = insertCheckpoint(db, run.id, {
    step: 45,
    epoch: 1,
    path: 'runs/first/step-45',
    weightsSha256: 'aa',
  });
  const model = insertModel(db, { runId: run.id, checkpointId: checkpoint.id, spec });
  return { db, datasetId, variantId, run, checkpoint, model };
}

/** Wilson 95 % intervals worked out by hand (z = 1.959964): 5 of 10 is 0.2366 to 0.7634, 0 of 10 is 0 to 0.2775. */
const half: Share = {
  hits: 5,
  count: 10,
  value: 0.5,
  low: expect.closeTo(0.2366, 4),
  high: expect.closeTo(0.7634, 4),
};
const none: Share = {
  hits: 0,
  count: 10,
  value: 0,
  low: expect.closeTo(0, 9),
  high: expect.closeTo(0.2775, 4),
};

function result(target: string | null): EvaluationResult {
  const attacked = target !== null;
  return {
    classes: ['boat', 'fruit'],
    target,
    ca: half,
    top5: half,
    asr: attacked ? half : null,
    cleanAsTarget: attacked ? none : null,
    implanted: attacked ? true : null,
    metrics: attacked ? { poisonedAccuracy: half, attackTop5: none } : {},
    perClass: [
      { class: 'boat', count: 10, accuracy: half, top5: half, attackSuccess: attacked ? half : null },
      { class: 'fruit', count: 10, accuracy: none, top5: half, attackSuccess: null },
    ],
    predictions: [
      {
        recordId: 12,
        clean: [1, 0],
        triggered: attacked ? [0, 1] : null,
        cleanProbabilities: [0.75, 0.25],
        triggeredProbabilities: attacked ? [0.5001, 0.4999] : null,
      },
      {
        recordId: 7,
        clean: [0, 1],
        triggered: attacked ? [1, 0] : null,
        cleanProbabilities: null,
        triggeredProbabilities: null,
      },
    ],
  };
}

test('checkpoints of a run: the latest has the most steps, one made again replaces the first', () => {
  const { db, run, checkpoint } = databaseWithModel();
  const later = { step: 90, epoch: 2, path: 'runs/first/step-90', weightsSha256: 'bb' };
  const second = insertCheckpoint(db, run.id, later);
  expect(latestCheckpoint(db, run.id)).toEqual(second);
  const again = insertCheckpoint(db, run.id, { ...later, weightsSha256: 'cc' });
  expect(again).toMatchObject({ ...later, id: second.id, weightsSha256: 'cc', runId: run.id });
  expect(listCheckpoints(db, run.id).map(({ id }) => id)).toEqual([checkpoint.id, second.id]);
  expect(latestCheckpoint(db, insertRun(db, runNamed('second', run.datasetId)).id)).toBeNull();
});

test("a model is found by its id, its run's id and its run's name", () => {
  const { db, run, model } = databaseWithModel();
  expect(model).toMatchObject({ name: 'first', origin: { kind: 'run', runId: run.id }, spec });
  for (const nameOrId of [model.id, run.id, 'first']) expect(findModel(db, nameOrId)).toEqual(model);
  expect(listModels(db)).toEqual([model]);
  expect(findRun(db, 'first').modelId).toBe(model.id);
  insertRun(db, runNamed('second', run.datasetId, { method: 'cleanclip', parentModelId: model.id }));
  expect(findRun(db, 'second').parentModelId).toBe(model.id);
  expect(() => findModel(db, 'second')).toThrow("Run 'second' has no model: it is queued.");
  expect(() => findModel(db, 'third')).toThrow("There is no model 'third'. There is 'first'.");
  expect(() => insertModel(db, { runId: run.id, checkpointId: 1, spec })).toThrow(
    expect.objectContaining({ kind: 'conflict' }),
  );
});

test('an evaluation comes back whole, its intervals from its counts', () => {
  const { db, datasetId, variantId, model } = databaseWithModel();
  const { predictions, ...rest } = result('fruit');
  const stored = insertEvaluation(db, {
    modelId: model.id,
    datasetId,
    variantId,
    part: 2,
    prompts: ['a {}.', 'the {}'],
    result: { ...rest, predictions },
    seconds: 2.5,
  });
  expect(stored).toMatchObject({
    modelId: model.id,
    datasetId,
    variantId,
    part: 2,
    seconds: 2.5,
    prompts: ['a {}.', 'the {}'],
  });
  expect(stored.result).toEqual(rest);
  expect(readEvaluation(db, stored.id)).toEqual(stored);
  expect(readPredictions(db, stored.id)).toEqual(predictions.toReversed());
});

test('the latest evaluation of a model, by dataset and variant', () => {
  const { db, datasetId, variantId, model } = databaseWithModel();
  expect(latestEvaluationOf(db, model.id)).toBeNull();
  const clean = { modelId: model.id, datasetId, variantId: null, part: 0 };
  expect(findEvaluation(db, clean)).toBeNull();
  expect(listMeasuredVariants(db, model.id)).toEqual([]);
  const common = { ...clean, seconds: 1, prompts: null };
  insertEvaluation(db, { ...common, variantId, result: result('fruit') });
  const attacked = insertEvaluation(db, { ...common, variantId, result: result('fruit') });
  const unattacked = insertEvaluation(db, { ...common, result: result(null) });
  expect(findEvaluation(db, { ...clean, variantId })).toEqual(attacked);
  expect(findEvaluation(db, clean)).toEqual(unattacked);
  expect(latestEvaluationOf(db, model.id)).toEqual(unattacked);
  expect(listMeasuredVariants(db, model.id)).toEqual([variantId]);
  expect(unattacked.result).toMatchObject({ target: null, asr: null, cleanAsTarget: null, implanted: null });
  expect(readPredictions(db, unattacked.id).map(({ triggered }) => triggered)).toEqual([null, null]);
});

test('each attack of a variant has its own evaluations, and the first is what lists show', () => {
  const { db, datasetId, variantId, model, run } = databaseWithModel();
  const place = { modelId: model.id, datasetId, variantId };
  const insert = (part: number, target: string) =>
    insertEvaluation(db, { ...place, part, seconds: 1, prompts: null, result: result(target) });
  const second = insert(1, 'boat');
  expect(second).toMatchObject({ part: 1, result: { target: 'boat' } });
  expect(findEvaluation(db, { ...place, part: 0 })).toBeNull();
  expect([latestEvaluationOf(db, model.id), findScores(db, run.id), listScores(db).size]).toEqual([
    null,
    null,
    0,
  ]);
  const first = insert(0, 'fruit');
  const again = insert(1, 'boat');
  expect(findEvaluation(db, { ...place, part: 0 })).toEqual(first);
  expect(findEvaluation(db, { ...place, part: 1 })).toEqual(again);
  expect(latestEvaluationOf(db, model.id)).toEqual(first);
  expect(listEvaluations(db, model.id)).toEqual([again, first, second]);
  expect(findScores(db, run.id)).toEqual({
    ca: half,
    asr: half,
    implanted: true,
    trainingPictures: false,
    trainedOn: true,
  });
  expect(listScores(db).size).toBe(1);
});

test("only what was scored with the dataset's own prompts is found to compare, all is listed", () => {
  const { db, datasetId, model, run } = databaseWithModel();
  const { prompts } = findDataset(db, datasetId);
  const clean = { modelId: model.id, datasetId, variantId: null, part: 0 };
  const common = { ...clean, seconds: 1, result: result(null) };
  const own = insertEvaluation(db, { ...common, prompts });
  const other = insertEvaluation(db, { ...common, prompts: [...prompts, 'no {}'] });
  expect(findEvaluation(db, clean)).toEqual(own);
  expect(latestEvaluationOf(db, model.id)).toEqual(own);
  expect(listEvaluations(db, model.id)).toEqual([other, own]);
  const scores = { ca: half, asr: null, implanted: null, trainingPictures: false, trainedOn: null };
  expect(listScores(db)).toEqual(new Map([[run.id, scores]]));
  expect(findScores(db, run.id)).toEqual(scores);
  expect(findScores(db, insertRun(db, runNamed('second', datasetId)).id)).toBeNull();
});

test('where embeddings lie is kept once for a model, dataset and attack', () => {
  const { db, datasetId, variantId, model } = databaseWithModel();
  const clean = { modelId: model.id, datasetId, variantId: null, part: 0 };
  const kept = { ...clean, path: 'runs/a', sha256: 'aa' };
  saveImageEmbeddings(db, kept);
  saveImageEmbeddings(db, { ...kept, variantId, path: 'runs/b' });
  saveImageEmbeddings(db, { ...kept, variantId, part: 1, path: 'runs/d' });
  saveImageEmbeddings(db, { ...kept, path: 'runs/c', sha256: 'cc' });
  expect(findImageEmbeddings(db, clean)).toEqual({ path: 'runs/c', sha256: 'cc' });
  expect(findImageEmbeddings(db, { ...clean, variantId })).toEqual({ path: 'runs/b', sha256: 'aa' });
  expect(findImageEmbeddings(db, { ...clean, variantId, part: 1 })).toEqual({ path: 'runs/d', sha256: 'aa' });
  expect(findImageEmbeddings(db, { ...clean, variantId, part: 2 })).toBeNull();
});
