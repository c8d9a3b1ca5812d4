import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nextClass } from '#contract/variant.ts';
import { defaultPatch } from '#core/triggers/patch.ts';
import { findCheckpoint } from '#db/checkpoints.ts';
import { findModel } from '#db/models.ts';
import { iterateRecords } from '#db/records.ts';
import type { Engine } from '#main/workbench/engine-client.ts';
import { planEvaluation, runEvaluation } from '#main/workbench/evaluations.ts';
import { withEngine } from '#main/workbench/queue.ts';
import { planTraining } from '#main/workbench/run-plans.ts';
import { runPlan } from '#main/workbench/runs.ts';
import { nameOrderModels } from '#main/workbench/variants/order-models.ts';
import { verifyVariant } from '#main/workbench/variants/verify-variant.ts';
import { createVariant, describeVariant, type VariantRequest } from '#main/workbench/variants.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, silentContext } from './fixtures.ts';

const context = silentContext();
let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
let engine: Engine;
let release: () => Promise<void>;
let modelId: string;

const poison = (changes: Partial<VariantRequest['recipe']> = {}) =>
  createVariant(
    workspace,
    {
      dataset: 'colours',
      name: null,
      recipe: {
        trigger: defaultPatch(3, 12),
        resolution: 12,
        target: 'red',
        amount: { kind: 'count', count: 4 },
        captionTemplates: null,
        seed: 1,
        ...changes,
      },
    },
    context,
    (work) => work(engine),
  );

beforeAll(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  let end = () => {};
  let ended: Promise<void> = Promise.resolve();
  engine = await new Promise<Engine>((resolve, reject) => {
    ended = withEngine(workspace, context, (started) => {
      resolve(started);
      return new Promise<void>((done) => {
        end = done;
      });
    });
    ended.catch(reject);
  });
  release = () => {
    end();
    return ended;
  };
  const variant = await poison({
    furtherParts: [
      {
        trigger: defaultPatch(2, 12),
        target: 'blue',
        amount: { kind: 'count', count: 3 },
        captionTemplates: null,
      },
    ],
  });
  const plan = planTraining(workspace, {
    variant: variant.id,
    dataset: null,
    architecture: 'demo',
    name: 'two triggers',
    settings: { epochs: 2, batchSize: 8, warmupSteps: 1 },
  });
  ({ modelId } = await runPlan(workspace, engine, plan, context));
});
afterAll(async () => {
  await release();
  workspace.close();
  temporary.remove();
});

it('takes the pictures that a model sees nearest to the target, or farthest from it', async () => {
  const ordered = (kind: 'nearest' | 'farthest', count: number) =>
    poison({ amount: { kind: 'count', count }, selection: { order: { kind, model: 'two triggers' } } });
  const nearest = await ordered('nearest', 5);
  const farthest = await ordered('farthest', 13);
  const keysOf = ({ id }: { id: string }) => describeVariant(workspace, id).records.map(({ key }) => key);
  // 18 training pairs are not red: the five nearest and the thirteen farthest are all of them.
  const { datasetId } = nearest;
  const candidates = [...iterateRecords(workspace.db, datasetId, { split: 'train' })]
    .filter(({ label }) => label !== 'red')
    .map(({ key }) => key);
  expect([...keysOf(nearest), ...keysOf(farthest)].sort()).toEqual(candidates.sort());
  expect(keysOf(await ordered('nearest', 3)).every((key) => keysOf(nearest).includes(key))).toBe(true);
  expect((await ordered('nearest', 5)).manifestSha256).toBe(nearest.manifestSha256);
  // The recipe names the model by its weights, so that it means the same in another workspace.
  const { weightsSha256 } = findCheckpoint(workspace.db, findModel(workspace.db, modelId).checkpointId);
  expect(nearest.recipe.selection).toEqual({ order: { kind: 'nearest', weightsSha256 } });
  expect(nameOrderModels(workspace, nearest.recipe)).toEqual({ [weightsSha256]: 'two triggers' });
  expect(await verifyVariant(workspace, nearest.id, context)).toMatchObject({ ok: true });
  await expect(ordered('nearest', 19)).rejects.toMatchObject({ details: { candidates: 18, count: 19 } });
});

it('an all-to-all attack is measured over all test pictures, each against the class after its own', async () => {
  const variant = await poison({ strategy: 'all-to-all', target: nextClass });
  const plan = planEvaluation(workspace, { model: modelId, dataset: null, variant: variant.id });
  const { result } = await runEvaluation(workspace, engine, plan, context);
  expect(result.target).toBe(nextClass);
  expect(result.asr?.count).toBe(9);
  expect(result.cleanAsTarget?.count).toBe(9);
  expect(result.perClass.map(({ attackSuccess }) => attackSuccess?.count)).toEqual([3, 3, 3]);
  const hits = result.perClass.reduce((sum, { attackSuccess }) => sum + (attackSuccess?.hits ?? 0), 0);
  expect(result.asr?.hits).toBe(hits);
});
