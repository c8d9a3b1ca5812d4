import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '#contract/dataset.ts';
import { type Detection, type DetectionSettings, recallBudgets } from '#contract/detection.ts';
import type { EngineRecord } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Model } from '#contract/run.ts';
import type { Variant } from '#contract/variant.ts';
import { auroc, recallAt } from '#core/statistics/ranking.ts';
import { whenWritable } from '#db/busy.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { iterateTrainingRecords } from '#db/datasets/records.ts';
import { insertDetection, readRanking } from '#db/detections/detections.ts';
import { findModel } from '#db/models/models.ts';
import { findVariant } from '#db/variants/variants.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import type { Engine } from '../engine/engine-client.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import { toEngineRecord } from '../engine/engine-records.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import { picturesAtOnce } from '../evaluations/test-records.ts';
import { wholeModelFolder } from '../models/model-folder.ts';
import { readProgram } from '../program.ts';
import { attacksOf } from '../variants/render-record.ts';
import { makeTemporaryFolder, type Workspace } from '../workspace.ts';

/** Names or ids. */
export interface DetectionRequest {
  model: string;
  /** Whose training pairs are looked at: a variant's, poisoned ones as it has them, or a dataset's. */
  data: { kind: 'variant' | 'dataset'; name: string };
  settings: DetectionSettings;
}

export interface DetectionPlan {
  model: Model;
  dataset: Dataset;
  variant: Variant | null;
  settings: DetectionSettings;
}

/**
 * Scores the training pairs of a dataset or variant by a model and keeps the order.
 * @throws WorkbenchError as {@link planDetection} and {@link runDetection} do; `busy`
 */
export async function detect(
  workspace: Workspace,
  request: DetectionRequest,
  context: JobContext,
): Promise<Detection> {
  const plan = planDetection(workspace, request);
  return withEngine(workspace, context, (engine) => runDetection(workspace, engine, plan, context));
}

/**
 * Resolves the names of a request.
 * @throws WorkbenchError `not-found`; `bad-input` for a model with a linear head
 */
export function planDetection({ db }: Workspace, { model, data, settings }: DetectionRequest): DetectionPlan {
  const found = findModel(db, model);
  if (found.spec.headClasses !== null) {
    throw new WorkbenchError(
      'bad-input',
      `Model '${found.name}' has a linear head in place of its text tower: choose the model that it was made from.`,
      { model: found.id },
    );
  }
  const variant = data.kind === 'variant' ? findVariant(db, data.name) : null;
  return { model: found, dataset: findDataset(db, variant?.datasetId ?? data.name), variant, settings };
}

/**
 * Runs and stores a planned detection; for callers that hold the queue and an engine. Nothing is stored until all pairs
 * are scored.
 * @throws WorkbenchError `bad-input` for too few pairs; `cancelled`, `engine-ended`
 */
export async function runDetection(
  workspace: Workspace,
  engine: Engine,
  { model, dataset, variant, settings }: DetectionPlan,
  context: JobContext,
): Promise<Detection> {
  const begun = performance.now();
  const pairs = [...readPairs(workspace, dataset, variant)];
  const folder = makeTemporaryFolder(workspace, 'detection');
  try {
    const recordsFile = join(folder, 'records.jsonl');
    await writeRecordsFile(recordsFile, pairs);
    const { scores } = await runToEnd<'detect'>(
      engine,
      {
        kind: 'detect',
        model: await wholeModelFolder(workspace, model.id),
        recordsFile,
        attacks: variant === null ? [] : attacksOf(variant.recipe),
        settings,
        batchSize: picturesAtOnce,
      },
      context,
      'no detection was stored.',
    );
    const order = rankPairs(pairs, scores, settings.suspicious);
    const isPoisoned = (index: number) => pairs[index]?.poisoned ?? false;
    const { name, version } = readProgram();
    return await whenWritable(workspace.db, () =>
      insertDetection(
        workspace.db,
        {
          modelId: model.id,
          datasetId: dataset.id,
          variantId: variant?.id ?? null,
          settings,
          pairs: pairs.length,
          poisoned: variant === null ? null : pairs.filter(({ poisoned }) => poisoned).length,
          auroc: measureAuroc(scores, isPoisoned, settings),
          recallAt: measureRecall(order, isPoisoned),
          environment: { ...engine.environment, program: `${name} ${version}` },
          seconds: (performance.now() - begun) / 1000,
        },
        order.map((index) => ({
          recordId: pairs[index]?.recordId ?? 0,
          score: scores[index] ?? 0,
          poisoned: isPoisoned(index),
        })),
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function* readPairs(
  { db }: Workspace,
  dataset: Dataset,
  variant: Variant | null,
): Generator<EngineRecord, void> {
  for (const { record, caption, part } of iterateTrainingRecords(db, dataset.id, variant?.id ?? null)) {
    yield toEngineRecord(dataset, record, caption, part);
  }
}

/** Places of the pairs, the most suspicious first; equal scores by their keys. */
function rankPairs(
  pairs: readonly EngineRecord[],
  scores: readonly number[],
  suspicious: DetectionSettings['suspicious'],
): number[] {
  const sign = suspicious === 'high' ? -1 : 1;
  const key = (index: number) => pairs[index]?.key ?? '';
  return Array.from(pairs.keys()).sort(
    (a, b) => sign * ((scores[a] ?? 0) - (scores[b] ?? 0)) || (key(a) < key(b) ? -1 : 1),
  );
}

function measureAuroc(
  scores: readonly number[],
  isPoisoned: (index: number) => boolean,
  { suspicious }: DetectionSettings,
): number | null {
  const area = auroc(scores, isPoisoned);
  return area === null || suspicious === 'high' ? area : 1 - area;
}

function measureRecall(order: readonly number[], isPoisoned: (index: number) => boolean) {
  const shares = recallBudgets.map(
    (budget) => [budget, recallAt(order, isPoisoned, Number(budget))] as const,
  );
  return Object.fromEntries(shares.filter(([, share]) => share !== null)) as Detection['recallAt'];
}

/** The pairs that a detection finds most suspicious, the worst first. @throws WorkbenchError `not-found` */
export const mostSuspicious = ({ db }: Workspace, detectionId: string, count: number) =>
  readRanking(db, detectionId, 0, count);
