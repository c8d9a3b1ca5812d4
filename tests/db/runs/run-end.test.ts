import { expect, it } from 'vitest';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { listModels } from '#db/models/models.ts';
import { insertCheckpoint } from '#db/runs/checkpoints.ts';
import { finishRun } from '#db/runs/run-end.ts';
import { findRun, insertRun, setRunState } from '#db/runs/runs.ts';
import { datasetNamed, runNamed } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

const spec = {
  architecture: 'tiny',
  clip: {
    embedDim: 8,
    image: { kind: 'vit' as const, resolution: 32, patchSize: 8, width: 64, layers: 1, heads: 1 },
    text: { contextLength: 16, vocabularySize: 3, width: 64, heads: 1, layers: 1 },
  },
  vocabulary: [5, 9, 49407],
  headClasses: null,
};

function runWithCheckpoint() {
  const db = temporaryDatabase();
  const run = insertRun(db, runNamed('first', beginImport(db, datasetNamed('pairs')).finish().id));
  const { id } = insertCheckpoint(db, run.id, { step: 9, epoch: 1, path: 'a', weightsSha256: 'aa' });
  setRunState(db, run.id, 'running');
  return { db, run, end: { checkpointId: id, spec, seconds: 2 } };
}

it('model, step, seconds and state are stored together', () => {
  const { db, run, end } = runWithCheckpoint();
  const modelId = finishRun(db, run, end);
  expect(findRun(db, run.id)).toMatchObject({ state: 'done', step: run.totalSteps, seconds: 2, modelId });
});

it('none of them is stored where the last cannot be', () => {
  const { db, run, end } = runWithCheckpoint();
  db.exec(
    "CREATE TRIGGER stop BEFORE UPDATE ON runs WHEN NEW.state = 'done' BEGIN SELECT RAISE(ABORT, 'stop'); END",
  );
  expect(() => finishRun(db, run, end)).toThrow('stop');
  expect(listModels(db)).toEqual([]);
  expect(findRun(db, run.id)).toMatchObject({ state: 'running', step: 0, seconds: 0, modelId: null });
});

it('a run that has its model is ended as done, with that model', () => {
  const { db, run, end } = runWithCheckpoint();
  const modelId = finishRun(db, run, end);
  setRunState(db, run.id, 'interrupted', 'its program died');
  expect(finishRun(db, run, null)).toBe(modelId);
  expect(findRun(db, run.id)).toMatchObject({ state: 'done', message: null, seconds: 2, modelId });
});
