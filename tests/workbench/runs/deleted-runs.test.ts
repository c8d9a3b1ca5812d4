import { expect, it, onTestFinished } from 'vitest';
import { findModel, findModelByWeights, listModels } from '#db/models/models.ts';
import { insertCheckpoint } from '#db/runs/checkpoints.ts';
import { finishRun } from '#db/runs/run-end.ts';
import { insertRun } from '#db/runs/runs.ts';
import { deleteRun, purgeDeletedRuns, undoDeletion } from '#main/workbench/runs/deleted-runs.ts';
import { findWaiting, stopWaiting } from '#main/workbench/runs/keep-runs.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { runNamed } from '../../db/records-for-tests.ts';
import { importSmallDataset, makeFolder } from '../fixtures.ts';

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

async function workspaceWithModel() {
  const temporary = makeFolder();
  const workspace = openWorkspace(temporary.folder);
  onTestFinished(() => {
    workspace.close();
    temporary.remove();
  });
  const { db } = workspace;
  const dataset = await importSmallDataset(workspace, `${temporary.folder}/pictures`);
  const parent = insertRun(db, runNamed('parent', dataset.id));
  const { id } = insertCheckpoint(db, parent.id, { step: 9, epoch: 1, path: 'a', weightsSha256: 'aa' });
  const modelId = finishRun(db, parent, { checkpointId: id, spec, seconds: 1 });
  const childNamed = (name: string) => ({ ...runNamed(name, dataset.id), parentModelId: modelId });
  return { workspace, db, parent, modelId, childNamed };
}

it('the model of a deleted run is out of sight, by every name, and comes back with it', async () => {
  const { workspace, db, parent, modelId, childNamed } = await workspaceWithModel();
  deleteRun(workspace, 'parent');
  for (const name of [modelId, parent.id, 'parent'])
    expect(() => findModel(db, name)).toThrow('There is no model');
  expect(() => findModelByWeights(db, 'aa')).toThrow();
  expect(listModels(db)).toEqual([]);
  // One that chose the model before it was deleted.
  expect(() => insertRun(db, childNamed('child'))).toThrow('There is no model');
  undoDeletion(workspace, parent.id);
  expect(findModel(db, 'parent').id).toBe(modelId);
});

it('a run does not come back before the run that it started from', async () => {
  const { workspace, db, parent, childNamed } = await workspaceWithModel();
  const child = insertRun(db, childNamed('child'));
  expect(() => deleteRun(workspace, 'parent')).toThrow("'child' started from the model");
  deleteRun(workspace, 'child');
  deleteRun(workspace, 'parent');
  expect(() => undoDeletion(workspace, child.id)).toThrow("run 'parent', which is deleted too");
  undoDeletion(workspace, parent.id);
  undoDeletion(workspace, child.id);
});

it('both are purged, the child first', async () => {
  const { workspace, db, childNamed } = await workspaceWithModel();
  insertRun(db, childNamed('child'));
  deleteRun(workspace, 'child');
  deleteRun(workspace, 'parent');
  purgeDeletedRuns(workspace, { all: true });
  expect(db.prepare('SELECT count(*) AS count FROM runs').get()).toEqual({ count: 0 });
});

it('a run that was stopped or deleted while it waited does not have its turn, and is called by its name', async () => {
  const { workspace, db, parent } = await workspaceWithModel();
  const waiting = insertRun(db, runNamed('waiting', parent.datasetId));
  expect(findWaiting(workspace, waiting).id).toBe(waiting.id);
  stopWaiting(workspace, waiting.id);
  const gone = (state: string) => ({
    kind: 'cancelled',
    message: `Run 'waiting' does not wait any more: it is ${state}.`,
  });
  expect(() => findWaiting(workspace, waiting)).toThrow(expect.objectContaining(gone('interrupted')));
  deleteRun(workspace, waiting.id);
  expect(() => findWaiting(workspace, waiting)).toThrow(expect.objectContaining(gone('deleted')));
});
