import { join } from 'node:path';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { NewRecord } from '#contract/dataset.ts';
import type { EvaluationResult } from '#contract/evaluation.ts';
import type { MethodName } from '#contract/methods/method-registry.ts';
import type { Run } from '#contract/run.ts';
import type { Recipe } from '#contract/variant.ts';
import { wilson } from '#core/statistics/wilson.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { insertEvaluation } from '#db/models/evaluations.ts';
import { insertCheckpoint } from '#db/runs/checkpoints.ts';
import { finishRun } from '#db/runs/run-end.ts';
import { insertRun } from '#db/runs/runs.ts';
import { inTransaction } from '#db/statements.ts';
import { insertVariant } from '#db/variants/variants.ts';
import { completeConfig, type PartialConfig } from '#main/workbench/runs/complete-config.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { makeFolder } from '../../fixtures.ts';

export const lambdas = [1, 2, 4, 8];
const counts = [50, 100, 200, 400];
const repairs = ['cleanclip', 'mmcl', 'supervised', 'par'] as const satisfies readonly MethodName[];

/** Hits of 100 attacked pictures: of a poisoned model 95; of a repair fewer the larger lambda, and one more a seed. */
export const repairedHits = (lambda: number, seed: number): number => Math.round(60 / lambda) + seed;

const spec: ModelSpec = {
  architecture: 'demo',
  clip: {
    embedDim: 8,
    image: { kind: 'vit', resolution: 32, patchSize: 8, width: 64, layers: 1, heads: 1 },
    text: { contextLength: 16, vocabularySize: 3, width: 64, heads: 1, layers: 1 },
  },
  vocabulary: [5, 9, 49407],
  headClasses: null,
};

/** A temporary workspace with {@link makeStudy}'s runs. @param close ends it and removes its folder */
export async function openStudy(seeds: number): Promise<{ workspace: Workspace; close: () => void }> {
  const { folder, remove } = makeFolder();
  const workspace = openWorkspace(join(folder, 'workspace'));
  await makeStudy(workspace, seeds);
  return {
    workspace,
    close: () => {
      workspace.close();
      remove();
    },
  };
}

/**
 * A workspace as a study of many runs leaves it, without pictures and weights: for each of four poison counts and each
 * seed a poisoned model, and repairs of it by four methods, CleanCLIP's with four lambdas; all done and measured.
 * @param seeds how many: each makes 4 x (1 + 3 + 4) = 32 runs
 */
export async function makeStudy(workspace: Workspace, seeds: number): Promise<void> {
  const { db } = workspace;
  const records = Array.from(
    { length: 1000 },
    (_, index): NewRecord => ({
      key: `${index}.png`,
      caption: `picture ${index}`,
      label: index % 2 === 0 ? 'dog' : 'cat',
      name: null,
      split: index < 800 ? 'train' : 'test',
      sha256: String(index).padStart(64, '0'),
      width: 32,
      height: 32,
    }),
  );
  const dataset = await importDataset(
    db,
    {
      name: 'study',
      source: { kind: 'folder', path: '/nowhere' },
      root: '/nowhere',
      prompts: ['a photo of {}.'],
      captionTemplates: ['{}'],
    },
    [records],
  );
  for (let seed = 0; seed < seeds; seed += 1) {
    inTransaction(db, () => {
      for (const count of counts) makeAttack(workspace, dataset.id, seed, count);
    });
  }
}

function makeAttack(workspace: Workspace, datasetId: string, seed: number, count: number): void {
  const recipe: Recipe = {
    parts: [
      {
        trigger: defaultPatch(4, 32),
        target: 'dog',
        amount: { kind: 'count', count },
        captionTemplates: ['{}'],
      },
    ],
    resolution: 32,
    seed,
  };
  const changed = Array.from({ length: count }, (_, index) => ({
    recordId: 2 * index + 2,
    key: `${2 * index + 1}.png`,
    oldCaption: 'a cat',
    newCaption: 'a dog',
    renderedSha256: '0'.repeat(64),
    part: 0,
  }));
  const variant = insertVariant(
    workspace.db,
    {
      name: `poison-${count}-${seed}`,
      datasetId,
      recipe,
      manifestSha256: `${count}${seed}`.padStart(64, '0'),
    },
    changed,
  );
  const settle = (name: string, config: PartialConfig, hits: number) =>
    finish(workspace, name, { ...config, seed }, { datasetId, variantId: variant.id }, hits);
  const poisoned = settle(
    `poisoned-${count}-${seed}`,
    {
      start: { kind: 'scratch', architecture: 'demo' },
      data: { kind: 'variant', id: variant.id },
      method: 'mmcl',
    },
    95,
  );
  for (const method of repairs) {
    for (const lambda of method === 'cleanclip' ? lambdas : [null]) {
      const settings = lambda === null ? {} : { lambda };
      const name = [method, ...(lambda === null ? [] : [lambda]), count, seed].join('-');
      const start = { kind: 'model' as const, model: poisoned.modelId ?? '' };
      settle(
        name,
        { start, data: { kind: 'dataset', id: datasetId }, method, settings },
        repairedHits(lambda ?? 1, seed % 30),
      );
    }
  }
}

function finish(
  { db }: Workspace,
  name: string,
  request: PartialConfig,
  { datasetId, variantId }: { datasetId: string; variantId: string },
  hits: number,
): Run {
  const config = completeConfig(request);
  const run = insertRun(db, {
    name,
    config,
    architecture: 'demo',
    datasetId,
    variantId: config.data.kind === 'variant' ? variantId : null,
    parentModelId: config.start.kind === 'model' ? config.start.model : null,
    totalSteps: 100,
    leftOut: 0,
  });
  const checkpoint = insertCheckpoint(db, run.id, {
    step: 100,
    epoch: 1,
    path: `runs/${run.id}/checkpoints/100`,
    weightsSha256: '0'.repeat(64),
  });
  const modelId = finishRun(db, run, { checkpointId: checkpoint.id, spec, seconds: 60 });
  const asr = wilson(hits, 100);
  const result: EvaluationResult = {
    classes: ['cat', 'dog'],
    target: 'dog',
    ca: wilson(120, 200),
    top5: wilson(200, 200),
    asr,
    cleanAsTarget: wilson(2, 100),
    implanted: hits >= 50,
    metrics: { poisonedAccuracy: wilson(100 - hits, 100), targetWithoutTrigger: wilson(2, 100) },
    perClass: [],
    predictions: [],
  };
  insertEvaluation(db, {
    modelId,
    datasetId,
    variantId,
    part: 0,
    prompts: ['a photo of {}.'],
    result,
    seconds: 1,
  });
  return { ...run, modelId };
}
