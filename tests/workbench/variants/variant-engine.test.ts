import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PartRequest } from '#contract/api/variants.ts';
import { nextClass, type Variant } from '#contract/variant.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { findEvaluation } from '#db/models/evaluations.ts';
import { findImageEmbeddings } from '#db/models/image-embeddings.ts';
import { findModel } from '#db/models/models.ts';
import { findCompared } from '#main/workbench/comparisons/comparisons.ts';
import type { Engine } from '#main/workbench/engine/engine-client.ts';
import { withEngine } from '#main/workbench/engine/queue.ts';
import {
  type EvaluationPlan,
  measuredBy,
  planEvaluation,
  runEvaluation,
} from '#main/workbench/evaluations/evaluations.ts';
import { findStudied } from '#main/workbench/models/studied-models.ts';
import { planRun } from '#main/workbench/runs/run-plans.ts';
import { runPlan } from '#main/workbench/runs/runs.ts';
import { nameOrderModels } from '#main/workbench/variants/order-models.ts';
import { createVariant, describeVariant } from '#main/workbench/variants/variants.ts';
import { verifyVariant } from '#main/workbench/variants/verify-variant.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, scratchConfig, silentContext } from '../fixtures.ts';

const context = silentContext();
let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
let engine: Engine;
let release: () => Promise<void>;
let modelId: string;
let twoTriggers: Variant;

const poison = (changes: Partial<PartRequest> = {}, ...further: PartRequest[]) =>
  createVariant(
    workspace,
    {
      dataset: 'colours',
      resolution: 12,
      seed: 1,
      parts: [
        { trigger: defaultPatch(3, 12), target: 'red', amount: { kind: 'count', count: 4 }, ...changes },
        ...further,
      ],
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
  twoTriggers = await poison(
    {},
    { trigger: defaultPatch(2, 12), target: 'blue', amount: { kind: 'count', count: 3 } },
  );
  const data = { kind: 'variant' as const, id: twoTriggers.id };
  const config = scratchConfig({ epochs: 2, batchSize: 8, warmupSteps: 1 }, { data });
  const plan = planRun(workspace, { name: 'two triggers', config });
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
  const { weightsSha256 } = findModel(workspace.db, modelId);
  expect(nearest.recipe.parts[0].selection).toEqual({ order: { kind: 'nearest', weightsSha256 } });
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

it('each of several attacks is measured, kept and found on its own, and a comparison takes the first', async () => {
  const { db } = workspace;
  const planPart = (part: number) =>
    planEvaluation(workspace, { model: modelId, dataset: null, variant: twoTriggers.id, part });
  const measure = (plan: EvaluationPlan) => runEvaluation(workspace, engine, plan, context);
  const [first, second] = [planPart(0), planPart(1)];
  expect([first.attack?.target, second.attack?.target]).toEqual(['red', 'blue']);
  const ofBlue = await measure(second);
  expect(findCompared(workspace, findStudied(workspace, 'two triggers'), null)).toBeNull();
  const ofRed = await measure(first);
  expect(findCompared(workspace, findStudied(workspace, 'two triggers'), null)).toEqual(ofRed);
  expect(findEvaluation(db, measuredBy(first))).toEqual(ofRed);
  expect(findEvaluation(db, measuredBy(second))).toEqual(ofBlue);
  expect(ofRed).toMatchObject({ part: 0, result: { target: 'red' } });
  expect(ofBlue).toMatchObject({ part: 1, result: { target: 'blue' } });

  // Three test pictures of each of three classes; those of the attack's own target are not counted.
  const attacked = ({ result }: typeof ofRed) =>
    Object.fromEntries(result.perClass.map((row) => [row.class, row.attackSuccess?.count ?? null]));
  expect([ofRed.result.asr?.count, attacked(ofRed)]).toEqual([6, { blue: 3, green: 3, red: null }]);
  expect([ofBlue.result.asr?.count, attacked(ofBlue)]).toEqual([6, { blue: null, green: 3, red: 3 }]);
  // Clean pictures do not know of the attack.
  expect(ofBlue.result.ca).toEqual(ofRed.result.ca);
  expect(findImageEmbeddings(db, measuredBy(first))?.path).not.toBe(
    findImageEmbeddings(db, measuredBy(second))?.path,
  );
});

it('an attack that the variant does not have is refused with how many it has', () => {
  const plan = (variant: string, part: number) =>
    planEvaluation(workspace, { model: modelId, dataset: null, variant, part });
  expect(() => plan(twoTriggers.id, 2)).toThrow(
    expect.objectContaining({
      kind: 'bad-input',
      message: `Variant '${twoTriggers.name}' has 2 attacks: there is no attack 3.`,
    }),
  );
});
