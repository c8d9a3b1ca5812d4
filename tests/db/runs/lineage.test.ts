import { expect, test } from 'vitest';
import type { ModelSpec } from '#contract/clip-config.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { listModelSummaries } from '#db/models/model-list.ts';
import { insertFileModel, insertModel } from '#db/models/models.ts';
import { insertCheckpoint } from '#db/runs/checkpoints.ts';
import {
  lineageOfDatasets,
  lineageOfFileModels,
  lineageOfRuns,
  lineageOfVariants,
} from '#db/runs/lineage.ts';
import { setRunArchived } from '#db/runs/run-keeping.ts';
import { insertRun } from '#db/runs/runs.ts';
import type { Database } from '#db/statements.ts';
import { insertVariant } from '#db/variants/variants.ts';
import { datasetNamed, runNamed, variantNamed } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

const spec = (headClasses: string[] | null): ModelSpec => ({
  architecture: 'tiny',
  clip: {
    embedDim: 8,
    image: { kind: 'vit', resolution: 32, patchSize: 8, width: 64, layers: 1, heads: 1 },
    text: { contextLength: 16, vocabularySize: 3, width: 64, heads: 1, layers: 1 },
  },
  vocabulary: [5, 9, 49407],
  headClasses,
});

function addModel(db: Database, runId: string, headClasses: string[] | null = null): string {
  const checkpoint = insertCheckpoint(db, runId, { step: 1, epoch: 1, path: runId, weightsSha256: 'aa' });
  return insertModel(db, { runId, checkpointId: checkpoint.id, spec: spec(headClasses) }).id;
}

/** emoji -> patch -> old -> middle -> new, each run from the one before; other -> 20 runs. */
function databaseWithLine() {
  const db = temporaryDatabase();
  const emoji = beginImport(db, datasetNamed('emoji')).finish().id;
  const other = beginImport(db, datasetNamed('other')).finish().id;
  const patch = insertVariant(db, variantNamed('patch', emoji), []).id;
  const old = insertRun(db, runNamed('old', emoji, { variantId: patch })).id;
  const middle = insertRun(db, runNamed('middle', emoji, { parentModelId: addModel(db, old) })).id;
  for (let i = 0; i < 20; i++) insertRun(db, runNamed(`loose ${i}`, other));
  const newest = insertRun(db, runNamed('new', emoji, { parentModelId: addModel(db, middle, ['a']) })).id;
  return { db, emoji, other, patch, old, middle, newest };
}

test('the newest runs come with all that they came from, and the rest is counted', () => {
  const { db, emoji, patch, old, middle, newest } = databaseWithLine();
  const { rows, leftOut } = lineageOfRuns(db, { newest: 1, text: '' });
  expect(
    rows.map(({ id, parentRunId, variantId, datasetId }) => [id, parentRunId, variantId, datasetId]),
  ).toEqual([
    [old, null, patch, emoji],
    [middle, old, null, emoji],
    [newest, middle, null, emoji],
  ]);
  expect(leftOut).toBe(20);
  setRunArchived(db, old, true);
  expect(lineageOfRuns(db, { newest: 1, text: '' })).toMatchObject({ rows: { length: 3 }, leftOut: 20 });
  expect(lineageOfRuns(db, { newest: 100, text: '' })).toMatchObject({ rows: { length: 23 }, leftOut: 0 });
});

test('a text is looked for in the names of runs and of their data, in capitals or not', () => {
  const { db, patch, old, emoji, other } = databaseWithLine();
  expect(lineageOfRuns(db, { newest: 5, text: 'LOOSE' })).toMatchObject({ rows: { length: 5 }, leftOut: 15 });
  expect(lineageOfRuns(db, { newest: 5, text: 'patch' }).rows.map(({ id }) => id)).toEqual([old]);
  expect(lineageOfRuns(db, { newest: 5, text: 'nothing' })).toEqual({ rows: [], leftOut: 0 });
  expect(lineageOfVariants(db, { newest: 5, text: 'nothing' }, [patch])).toMatchObject({
    rows: [{ id: patch, datasetId: emoji }],
    leftOut: 0,
  });
  expect(lineageOfDatasets(db, { newest: 1, text: '' }, [])).toMatchObject({
    rows: [{ id: other }],
    leftOut: 1,
  });
  expect(lineageOfDatasets(db, { newest: 1, text: '' }, [emoji]).rows.map(({ id }) => id)).toEqual([
    other,
    emoji,
  ]);
});

test('models are listed newest first by columns of their own', () => {
  const { db, old, middle } = databaseWithLine();
  expect(listModelSummaries(db)).toMatchObject([
    { runId: middle, name: 'middle', architecture: 'tiny', resolution: 32, hasHead: true },
    { runId: old, name: 'old', architecture: 'tiny', resolution: 32, hasHead: false },
  ]);
});

test('models from files: the newest with those that runs started from', () => {
  const { db, emoji } = databaseWithLine();
  const origin = { kind: 'file', path: '/a.pt', sha256: 'ab'.repeat(32) } as const;
  const bring = (name: string) =>
    insertFileModel(db, { name, origin, folder: name, weightsSha256: 'cc', spec: spec(null) }).id;
  const [first, second] = [bring('first'), bring('second')];
  insertRun(db, runNamed('child', emoji, { parentModelId: first }));
  const [child] = lineageOfRuns(db, { newest: 1, text: '' }).rows;
  expect(child).toMatchObject({ name: 'child', parentRunId: null, parentFileModelId: first });
  const ids = (newest: number, text: string, with_: string[]) => {
    const { rows, leftOut } = lineageOfFileModels(db, { newest, text }, with_);
    return { ids: rows.map(({ id }) => id), leftOut };
  };
  expect(ids(1, '', [])).toEqual({ ids: [second], leftOut: 1 });
  expect(ids(1, '', [first])).toEqual({ ids: [second, first], leftOut: 0 });
  expect(ids(5, 'FIR', [])).toEqual({ ids: [first], leftOut: 0 });
});
