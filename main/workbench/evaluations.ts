import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Evaluation, EvaluationResult } from '#contract/evaluation.ts';
import type { Model } from '#contract/run.ts';
import { partsOf, type Variant } from '#contract/variant.ts';
import { findDataset } from '#db/datasets.ts';
import { insertEvaluation } from '#db/evaluations.ts';
import { saveImageEmbeddings } from '#db/image-embeddings.ts';
import { findModel } from '#db/models.ts';
import { findRun } from '#db/runs.ts';
import { findVariant } from '#db/variants.ts';
import { writeRecordsFile } from '#main/data/records-file.ts';
import type { Engine } from './engine-client.ts';
import { runToEnd } from './engine-jobs.ts';
import type { JobContext } from './job-context.ts';
import { withEngine } from './queue.ts';
import { modelFolder } from './run-execution.ts';
import { picturesAtOnce, testRecords } from './test-records.ts';
import { attackOf } from './variants/render-record.ts';
import { cacheFolder, runFolder, toStoredPath, type Workspace } from './workspace.ts';

/** Names or ids. */
export interface EvaluateRequest {
  model: string;
  /** null takes the variant's, or that of the model's first ancestor. */
  dataset: string | null;
  /** Whose trigger and target are used; null measures the clean accuracy alone. */
  variant: string | null;
}

/** What is measured: a model on a dataset's test pictures, attacked as in a variant or not. */
export interface EvaluationPlan {
  model: Model;
  dataset: Dataset;
  variant: Variant | null;
  /** What stands for a class; a model with a linear head reads none. */
  prompts: string[];
}

/**
 * Measures a model and stores the result.
 * @throws WorkbenchError `not-found` for a name; `bad-input` where the dataset has no labelled pictures or lacks
 *   the variant's target; `cancelled`, `engine-ended`, `busy`.
 */
export async function evaluate(
  workspace: Workspace,
  request: EvaluateRequest,
  context: JobContext,
): Promise<Evaluation> {
  const plan = planEvaluation(workspace, request);
  return withEngine(workspace, context, (engine) => runEvaluation(workspace, engine, plan, context));
}

/** Resolves the names of a request: see {@link evaluate} for the errors. */
export function planEvaluation(workspace: Workspace, request: EvaluateRequest): EvaluationPlan {
  const { db } = workspace;
  const model = findModel(db, request.model);
  const variant = request.variant === null ? null : findVariant(db, request.variant);
  const dataset = findDataset(
    db,
    request.dataset ?? variant?.datasetId ?? findRun(db, model.runId).datasetId,
  );
  if (variant !== null && !knowsTarget(dataset, variant)) {
    throw new WorkbenchError(
      'bad-input',
      `The target '${variant.recipe.target}' of variant '${variant.name}' is no class of dataset '${dataset.name}': its attack cannot be measured there.`,
      { target: variant.recipe.target, classes: dataset.classes },
    );
  }
  return { model, dataset, variant, prompts: dataset.prompts };
}

/** All-to-all has a target for every class. */
function knowsTarget({ classes }: Dataset, { recipe }: Variant): boolean {
  return recipe.strategy === 'all-to-all' ? classes.length >= 2 : classes.includes(recipe.target);
}

/**
 * Runs and stores a planned evaluation, and keeps its image embeddings for other prompts; for callers that hold the
 * queue and an engine.
 */
export async function runEvaluation(
  workspace: Workspace,
  engine: Engine,
  plan: EvaluationPlan,
  context: JobContext,
): Promise<Evaluation> {
  const { model, dataset, variant, prompts } = plan;
  const embeddingsFile = embeddingsPath(workspace, plan);
  const triggers = variant === null ? 1 : partsOf(variant.recipe).length;
  if (variant !== null && triggers > 1) {
    context.reporter.say(
      `Variant '${variant.name}' has ${triggers} triggers: its first is measured, for '${variant.recipe.target}'.`,
    );
  }
  const begun = performance.now();
  const report = await withTestRecords(workspace, dataset, (recordsFile) =>
    runToEnd<'evaluate'>(
      engine,
      {
        kind: 'evaluate',
        model: modelFolder(workspace, model.id),
        recordsFile,
        attack: variant === null ? null : attackOf(variant.recipe),
        classes: dataset.classes,
        prompts,
        batchSize: picturesAtOnce,
        embeddingsFile,
      },
      context,
      'no evaluation was stored.',
    ),
  );
  if (report.embeddingsSha256 !== null) {
    saveImageEmbeddings(workspace.db, {
      modelId: model.id,
      datasetId: dataset.id,
      variantId: variant?.id ?? null,
      path: toStoredPath(workspace, embeddingsFile),
      sha256: report.embeddingsSha256,
    });
  }
  return storeEvaluation(workspace, plan, report.evaluation, (performance.now() - begun) / 1000);
}

/** Stores what an evaluation found, or what its pictures gave with other prompts. */
export function storeEvaluation(
  { db }: Workspace,
  { model, dataset, variant, prompts }: EvaluationPlan,
  result: EvaluationResult,
  seconds: number,
): Evaluation {
  return insertEvaluation(db, {
    modelId: model.id,
    datasetId: dataset.id,
    variantId: variant?.id ?? null,
    prompts: model.spec.headClasses === null ? prompts : null,
    result,
    seconds,
  });
}

/** Calls `work` with a file of the pictures that a model is measured on, and removes the file. */
export async function withTestRecords<T>(
  workspace: Workspace,
  dataset: Dataset,
  work: (recordsFile: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(cacheFolder(workspace), 'evaluation-'));
  try {
    const recordsFile = join(folder, 'records.jsonl');
    await writeRecordsFile(recordsFile, testRecords(workspace, dataset));
    return await work(recordsFile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Embeddings lie with the run that made the model, and go with it. */
function embeddingsPath(workspace: Workspace, { model, dataset, variant }: EvaluationPlan): string {
  const name = variant === null ? dataset.id : `${dataset.id}-${variant.id}`;
  return join(runFolder(workspace, model.runId), 'embeddings', `${name}.safetensors`);
}
