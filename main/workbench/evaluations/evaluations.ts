import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '#contract/dataset.ts';
import type { Attack } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Evaluation, EvaluationResult, Measured } from '#contract/evaluation.ts';
import type { Model } from '#contract/run.ts';
import type { RecipePart, Variant } from '#contract/variant.ts';
import { whenWritable } from '#db/busy.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { insertEvaluation } from '#db/models/evaluations.ts';
import { saveImageEmbeddings } from '#db/models/image-embeddings.ts';
import { findModel } from '#db/models/models.ts';
import { findVariant } from '#db/variants/variants.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import type { Engine } from '../engine/engine-client.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import { lastDatasetOf } from '../models/ancestry.ts';
import { embeddingsFolder, wholeModelFolder } from '../models/model-folder.ts';
import { attackOf } from '../variants/render-record.ts';
import { makeTemporaryFolder, toStoredPath, type Workspace } from '../workspace.ts';
import { findPart, viewAttacks } from './attacks.ts';
import { picturesAtOnce, testRecords } from './test-records.ts';

/** Names or ids. */
export interface EvaluateRequest {
  model: string;
  /** null takes the variant's, or that of the model's first ancestor. */
  dataset: string | null;
  /** Whose trigger and target are used; null measures the clean accuracy alone. */
  variant: string | null;
  /** Which of the variant's attacks, from 0; left out: the first. */
  part?: number;
  /** In place of the dataset's own; such a measurement stands beside the others as an experiment. */
  prompts?: readonly string[];
}

/** What is measured: a model on a dataset's test pictures, under an attack of a variant or not attacked. */
export interface EvaluationPlan {
  model: Model;
  dataset: Dataset;
  variant: Variant | null;
  part: number;
  /** What that attack does; null where nothing is attacked. */
  attack: Attack | null;
  /** What stands for a class; a model with a linear head reads none. */
  prompts: string[];
}

/** What is measured besides, with the same engine; gives the evaluation as it then is. */
export type AfterEvaluation = (
  engine: Engine,
  measured: { plan: EvaluationPlan; evaluation: Evaluation },
) => Promise<Evaluation>;

interface FurtherWork {
  /** Throws before anything is measured where the rest could not be. */
  refuse?(plan: EvaluationPlan): void;
  after?: AfterEvaluation;
}

/**
 * Measures a model and stores the results: one, or with part `all` one for each attack of the variant, in their order.
 * @throws WorkbenchError `not-found` for a name; `bad-input` where the dataset has no labelled pictures or lacks
 *   a target, and for an attack that the variant does not have; `cancelled`, `engine-ended`, `busy`.
 */
export async function evaluate(
  workspace: Workspace,
  { part, ...request }: Omit<EvaluateRequest, 'part'> & { part: number | 'all' },
  context: JobContext,
  { refuse, after }: FurtherWork = {},
): Promise<Evaluation[]> {
  const parts = part === 'all' ? listParts(workspace, request.variant) : [part];
  const plans = parts.map((part) => planEvaluation(workspace, { ...request, part }));
  for (const plan of plans) refuse?.(plan);
  return withEngine(workspace, context, async (engine) => {
    const evaluations: Evaluation[] = [];
    for (const plan of plans) {
      const evaluation = await runEvaluation(workspace, engine, plan, context);
      evaluations.push(after === undefined ? evaluation : await after(engine, { plan, evaluation }));
    }
    return evaluations;
  });
}

function listParts({ db }: Workspace, variant: string | null): number[] {
  return variant === null ? [0] : viewAttacks(findVariant(db, variant)).map(({ part }) => part);
}

/** Resolves the names of a request: see {@link evaluate} for the errors. */
export function planEvaluation(workspace: Workspace, request: EvaluateRequest): EvaluationPlan {
  const { db } = workspace;
  const model = findModel(db, request.model);
  const variant = request.variant === null ? null : findVariant(db, request.variant);
  const { part = 0 } = request;
  const attacked = variant === null ? null : findPart(variant, part);
  const dataset = findDataset(db, request.dataset ?? variant?.datasetId ?? lastDatasetOf(workspace, model));
  if (attacked !== null) refuseUnknownTarget(model, dataset, attacked);
  const attack = variant === null ? null : attackOf(variant.recipe, part);
  return { model, dataset, variant, part, attack, prompts: [...(request.prompts ?? dataset.prompts)] };
}

/**
 * A target that is no class is one more prompt for triggered pictures: a linear head has none, and all-to-all needs
 * classes to go through.
 */
function refuseUnknownTarget(
  { name, spec }: Model,
  dataset: Dataset,
  { strategy, target }: RecipePart,
): void {
  const { classes } = dataset;
  if (strategy === 'all-to-all' ? classes.length >= 2 : classes.includes(target)) return;
  if (strategy !== 'all-to-all' && spec.headClasses === null) return;
  const why =
    strategy === 'all-to-all'
      ? 'all-to-all needs two classes at least'
      : `model '${name}' answers with a linear head, which knows no other class`;
  throw new WorkbenchError(
    'bad-input',
    `The target '${target}' is no class of dataset '${dataset.name}', and ${why}: measure on another dataset (--dataset).`,
    { target, classes },
  );
}

/** What a plan measures, by ids. */
export function measuredBy({ model, dataset, variant, part }: EvaluationPlan): Measured {
  return { modelId: model.id, datasetId: dataset.id, variantId: variant?.id ?? null, part };
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
  const { model, dataset, attack, prompts } = plan;
  const embeddingsFile = embeddingsPath(workspace, plan);
  const begun = performance.now();
  const report = await withTestRecords(workspace, dataset, async (recordsFile) =>
    runToEnd<'evaluate'>(
      engine,
      {
        kind: 'evaluate',
        model: await wholeModelFolder(workspace, model.id),
        recordsFile,
        attack,
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
    const kept = {
      ...measuredBy(plan),
      path: toStoredPath(workspace, embeddingsFile),
      sha256: report.embeddingsSha256,
    };
    await whenWritable(workspace.db, () => saveImageEmbeddings(workspace.db, kept));
  }
  return storeEvaluation(workspace, plan, report.evaluation, (performance.now() - begun) / 1000);
}

/** Stores what an evaluation found, or what its pictures gave with other prompts. */
export async function storeEvaluation(
  { db }: Workspace,
  plan: EvaluationPlan,
  result: EvaluationResult,
  seconds: number,
): Promise<Evaluation> {
  const { model, prompts } = plan;
  return whenWritable(db, () =>
    insertEvaluation(db, {
      ...measuredBy(plan),
      prompts: model.spec.headClasses === null ? prompts : null,
      result,
      seconds,
    }),
  );
}

/** Calls `work` with a file of the pictures that a model is measured on, and removes the file. */
export async function withTestRecords<T>(
  workspace: Workspace,
  dataset: Dataset,
  work: (recordsFile: string) => Promise<T>,
): Promise<T> {
  const folder = makeTemporaryFolder(workspace, 'evaluation');
  try {
    const recordsFile = join(folder, 'records.jsonl');
    await writeRecordsFile(recordsFile, testRecords(workspace, dataset));
    return await work(recordsFile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function embeddingsPath(workspace: Workspace, { model, dataset, variant, part }: EvaluationPlan): string {
  const attack = variant === null ? [] : part === 0 ? [variant.id] : [variant.id, part + 1];
  const name = [dataset.id, ...attack].join('-');
  return join(embeddingsFolder(workspace, model), `${name}.safetensors`);
}
