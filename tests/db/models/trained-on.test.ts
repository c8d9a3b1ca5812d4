import { expect, test } from 'vitest';
import type { ModelSpec } from '#contract/clip-config.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { insertFileModel, insertModel } from '#db/models/models.ts';
import { wasTrainedOn } from '#db/models/trained-on.ts';
import { insertCheckpoint } from '#db/runs/checkpoints.ts';
import { insertRun } from '#db/runs/runs.ts';
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

test('a model was trained on a variant where it or any model before it was; of one from a file nobody knows', () => {
  const db = temporaryDatabase();
  const datasetId = beginImport(db, datasetNamed('pairs')).finish().id;
  const poison = insertVariant(db, variantNamed('poison', datasetId), []).id;
  const other = insertVariant(db, variantNamed('other', datasetId), []).id;
  const train = (name: string, from: { parentModelId?: string; variantId?: string }): string => {
    const run = insertRun(db, runNamed(name, datasetId, from));
    const place = { step: 1, epoch: 1, path: name, weightsSha256: name };
    return insertModel(db, { runId: run.id, checkpointId: insertCheckpoint(db, run.id, place).id, spec }).id;
  };
  const file = insertFileModel(db, {
    name: 'brought',
    origin: { kind: 'file', path: '/a.pt', sha256: 'ab'.repeat(32) },
    folder: 'm',
    weightsSha256: 'cc',
    spec,
  }).id;

  const clean = train('clean', {});
  const poisoned = train('poisoned', { variantId: poison });
  const repaired = train('repaired', { parentModelId: poisoned });
  const again = train('again', { parentModelId: repaired, variantId: other });
  const ofFile = train('of-file', { parentModelId: file });
  const ofFilePoisoned = train('of-file-poisoned', { parentModelId: ofFile, variantId: poison });

  const answers = [clean, poisoned, repaired, again, file, ofFile, ofFilePoisoned].map((model) =>
    [poison, other].map((variant) => wasTrainedOn(db, model, variant)),
  );
  expect(answers).toEqual([
    [false, false],
    [true, false],
    [true, false],
    [true, true],
    [null, null],
    [null, null],
    [true, null],
  ]);
});
