import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { PatchOptimising } from '#contract/patch-optimising.ts';
import type { Model } from '#contract/run.ts';
import type { StoredTrigger } from '#contract/trigger.ts';
import { listFirst } from '#core/list-first.ts';
import { createRandom, type Random } from '#core/random/random.ts';
import { placeSquares, wholeFrame } from '#core/triggers/frame.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { countRecords, iterateRecords } from '#db/datasets/records.ts';
import { findModel } from '#db/models/models.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import type { Engine } from '../engine/engine-client.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import { toEngineRecord } from '../engine/engine-records.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import { lastDatasetOf } from '../models/ancestry.ts';
import { wholeModelFolder } from '../models/model-folder.ts';
import { readProgram } from '../program.ts';
import { makeTemporaryFolder, type Workspace } from '../workspace.ts';
import { keepTrigger } from './kept-triggers.ts';

/** At most this many pictures that the patch is laid on, and as many real ones of the target, are held in memory. */
const mostPictures = 512;

export interface OptimiseRequest {
  /** The trigger's; a taken name gets its next version. */
  name: string;
  /** Name or id of a model or of its run. */
  model: string;
  /** Name or id; null takes that of the model's run. */
  dataset: string | null;
  /** A class of the dataset. */
  target: string;
  settings: PatchOptimising;
}

export interface OptimisingPlan {
  name: string;
  model: Model;
  dataset: Dataset;
  target: string;
  settings: PatchOptimising;
}

/**
 * Optimises a patch against a model and keeps it (BadCLIP, arXiv 2311.12075).
 * @throws WorkbenchError as {@link planOptimising} and {@link runOptimising} do; `busy`
 */
export async function optimiseTrigger(
  workspace: Workspace,
  request: OptimiseRequest,
  context: JobContext,
): Promise<StoredTrigger> {
  const plan = planOptimising(workspace, request);
  return withEngine(workspace, context, (engine) => runOptimising(workspace, engine, plan, context));
}

/**
 * Resolves the names of a request.
 * @throws WorkbenchError `not-found` for a name; `bad-input` where the target is no class, the patch does not fit, or
 *   the model has a linear head
 */
export function planOptimising(workspace: Workspace, request: OptimiseRequest): OptimisingPlan {
  const { db } = workspace;
  const { name, target, settings } = request;
  const model = findModel(db, request.model);
  const dataset = findDataset(db, request.dataset ?? lastDatasetOf(workspace, model));
  const { resolution, size, place } = settings;
  if (model.spec.headClasses !== null) {
    throw new WorkbenchError(
      'bad-input',
      `Model '${model.name}' has a linear head in place of its text tower: choose the model that it was made from.`,
      { model: model.id },
    );
  }
  if (!dataset.classes.includes(target)) {
    throw new WorkbenchError(
      'bad-input',
      `'${target}' is no class of dataset '${dataset.name}': choose one of ${listFirst(dataset.classes, 10) || 'another dataset'}.`,
      { target },
    );
  }
  placeSquares(size, place, wholeFrame({ width: resolution, height: resolution }), createRandom('place'));
  return { name, model, dataset, target, settings };
}

/**
 * Optimises what was planned and keeps the result, with what made it; for callers that hold the queue and an engine.
 * Until the engine is done nothing is stored.
 * @throws WorkbenchError `cancelled`, `engine-ended`; `bad-input` where no picture is left to lay the patch on
 */
export async function runOptimising(
  workspace: Workspace,
  engine: Engine,
  { name, model, dataset, target, settings }: OptimisingPlan,
  context: JobContext,
): Promise<StoredTrigger> {
  const folder = makeTemporaryFolder(workspace, 'patch');
  try {
    const recordsFile = join(folder, 'records.jsonl');
    await writeRecordsFile(recordsFile, drawPictures(workspace, dataset, target, settings.seed));
    const { prompts } = dataset;
    const { trigger, similarity } = await runToEnd<'optimise-patch'>(
      engine,
      {
        kind: 'optimise-patch',
        model: await wholeModelFolder(workspace, model.id),
        recordsFile,
        target,
        prompts,
        settings,
      },
      context,
      'no trigger was kept.',
    );
    return keepTrigger(workspace, name, trigger, settings.resolution, {
      method: 'optimised-patch',
      modelId: model.id,
      model: model.name,
      weightsSha256: model.weightsSha256,
      datasetId: dataset.id,
      target,
      prompts,
      settings,
      pictures: mostPictures,
      similarity,
      backend: engine.environment.backend,
      program: readProgram().version,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Pictures of the training split where there is one, by the seed: some of the target, some of all else. */
function* drawPictures({ db }: Workspace, dataset: Dataset, target: string, seed: number) {
  const filter = countRecords(db, dataset.id, { split: 'train' }) > 0 ? ({ split: 'train' } as const) : {};
  const random = createRandom('pictures for a patch', seed);
  const draws = { target: createDraw(random), other: createDraw(random) };
  for (const record of iterateRecords(db, dataset.id, filter)) {
    (record.label === target ? draws.target : draws.other).offer(record);
  }
  for (const record of [...draws.other.kept, ...draws.target.kept]) yield toEngineRecord(dataset, record);
}

/** At most {@link mostPictures} of those offered, each as likely as another (reservoir sampling). */
function createDraw(random: Random) {
  const kept: DatasetRecord[] = [];
  let seen = 0;
  return {
    kept,
    offer(record: DatasetRecord) {
      seen += 1;
      if (kept.length < mostPictures) kept.push(record);
      else {
        const place = random.integer(seen);
        if (place < mostPictures) kept[place] = record;
      }
    },
  };
}
