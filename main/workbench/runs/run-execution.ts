import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '#contract/dataset.ts';
import type { TrainJob, TrainResult } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { type Checkpoint, type Run, type RunConfig, runConfigSchema } from '#contract/run.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { findModel, insertModel } from '#db/models/models.ts';
import { findCheckpoint, latestCheckpoint } from '#db/runs/checkpoints.ts';
import { readMetrics } from '#db/runs/metrics.ts';
import { evaluatesEachEpoch } from '#db/runs/run-keeping.ts';
import { addSeconds, findRun, setRunState, setRunStep, startRun } from '#db/runs/runs.ts';
import { findVariant } from '#db/variants/variants.ts';
import { writeRecordsFile } from '#main/data/records-file.ts';
import type { Engine, JobOutcome } from '../engine/engine-client.ts';
import type { RunContext } from '../engine/job-context.ts';
import { readProgram } from '../program.ts';
import { attacksOf } from '../variants/render-record.ts';
import { fromStoredPath, runFolder, type Workspace } from '../workspace.ts';
import { planMeasured } from './epoch-measuring.ts';
import { createRunRecorder } from './run-recorder.ts';
import { trainingPairs } from './training-pairs.ts';

/** What a run that came to its end says. */
export interface RunReport {
  runId: string;
  modelId: string;
  /** Of the last step. */
  finalLoss: number | null;
  /** Of training, over all its starts. */
  seconds: number;
  /** SHA-256 (hex) of the model's weights.safetensors. */
  weightsSha256: string;
  /** The step that this start went on from; null where the run went through in one. */
  resumedFromStep: number | null;
}

/**
 * Runs `run` on the engine from its start, or from its latest checkpoint where `resume` is set, and records all
 * of it; call it while holding the queue. Whatever happens, the run ends as done, interrupted or failed.
 * @throws WorkbenchError `cancelled` (stopped as asked) and `engine-ended` leave the run interrupted; what the
 *   engine refuses leaves it failed. Messages say how to go on.
 */
export async function executeRun(
  workspace: Workspace,
  engine: Engine,
  run: Run,
  resume: boolean,
  context: RunContext,
): Promise<RunReport> {
  const { db } = workspace;
  const checkpoint = resume ? latestCheckpoint(db, run.id) : null;
  const { name, version } = readProgram();
  startRun(db, run.id, { ...engine.environment, program: `${name} ${version}` });
  setRunStep(db, run.id, checkpoint?.step ?? 0);
  const recorder = createRunRecorder(workspace, findRun(db, run.id), context);
  const begun = performance.now();
  let outcome: JobOutcome<'train'>;
  try {
    const job = await prepareJob(workspace, run, checkpoint);
    context.started?.(run.id, engine.pid);
    outcome = await engine.run<'train'>(job, recorder.handlers, context.interrupt);
    recorder.flush();
  } catch (error) {
    addSeconds(db, run.id, (performance.now() - begun) / 1000);
    throw recordFailure(workspace, run, error);
  }
  if (outcome.state === 'stopped') {
    addSeconds(db, run.id, (performance.now() - begun) / 1000);
    const stopped = new WorkbenchError('cancelled', 'Stopped as asked.');
    throw recordFailure(workspace, run, stopped);
  }
  addSeconds(db, run.id, outcome.result.seconds);
  const modelId = recordModel(workspace, run, outcome.result);
  return {
    runId: run.id,
    modelId,
    finalLoss: outcome.result.finalLoss ?? lastLoss(workspace, run),
    seconds: findRun(db, run.id).seconds,
    weightsSha256: outcome.result.weightsSha256,
    resumedFromStep: resume ? (checkpoint?.step ?? 0) : null,
  };
}

/** The folder of a model's weights. */
export function modelFolder(workspace: Workspace, modelId: string): string {
  const { checkpointId } = findModel(workspace.db, modelId);
  return fromStoredPath(workspace, findCheckpoint(workspace.db, checkpointId).path);
}

/** A dataset's prompts filled in with each of its classes. */
export function fillPrompts({ prompts, classes }: Dataset): string[] {
  return prompts.flatMap((prompt) =>
    classes.map((name) => fillTemplate(prompt, { class: name, label: name, tag: name })),
  );
}

async function prepareJob(workspace: Workspace, run: Run, checkpoint: Checkpoint | null): Promise<TrainJob> {
  const { db } = workspace;
  const dataset = findDataset(db, run.datasetId);
  const variant = run.variantId === null ? null : findVariant(db, run.variantId);
  const folder = runFolder(workspace, run.id);
  mkdirSync(folder, { recursive: true });
  const recordsFile = join(folder, 'records.jsonl');
  const choice = { dataset, variantId: run.variantId, config: run.config };
  await writeRecordsFile(recordsFile, trainingPairs(workspace, choice));
  return {
    kind: 'train',
    runId: run.id,
    config: toRunConfig(run),
    recordsFile,
    attacks: variant === null ? [] : attacksOf(variant.recipe),
    promptTexts: fillPrompts(dataset),
    classes: dataset.classes,
    start: run.parentModelId === null ? null : modelFolder(workspace, run.parentModelId),
    resume:
      checkpoint === null
        ? null
        : { folder: fromStoredPath(workspace, checkpoint.path), step: checkpoint.step },
    outputFolder: join(folder, 'checkpoints'),
    ...(evaluatesEachEpoch(db, run.id) ? { measured: await planMeasured(workspace, run, folder) } : {}),
  };
}

/** A run's configuration as the engine takes it. */
function toRunConfig({ config, datasetId, variantId, parentModelId }: Run): RunConfig {
  const { kind, architecture, fraction, seed, ...rest } = { ...config, fraction: config.share };
  const { lambda, viewAugmentation = 'small', share: _, ...plain } = rest;
  return runConfigSchema.parse({
    start:
      parentModelId === null ? { kind: 'scratch', architecture } : { kind: 'model', model: parentModelId },
    data: {
      kind: variantId === null ? 'dataset' : 'variant',
      id: variantId ?? datasetId,
      selection: { fraction, withoutPoisoned: false },
    },
    method: kind === 'train' ? 'mmcl' : kind,
    settings: kind === 'cleanclip' ? { ...plain, lambda, viewAugmentation } : plain,
    seed,
  });
}

/** The last loss recorded: a run whose process died after its last step has none left to take. */
function lastLoss({ db }: Workspace, run: Run): number | null {
  return readMetrics(db, run.id, 'loss').at(-1)?.value ?? null;
}

function recordModel(workspace: Workspace, run: Run, result: TrainResult): string {
  const { db } = workspace;
  const last = latestCheckpoint(db, run.id);
  if (last === null || last.weightsSha256 !== result.weightsSha256) {
    throw new WorkbenchError('internal', `Run '${run.name}' ended without a checkpoint of its last step.`);
  }
  const model = insertModel(db, { runId: run.id, checkpointId: last.id, spec: result.spec });
  setRunStep(db, run.id, run.totalSteps);
  setRunState(db, run.id, 'done');
  return model.id;
}

/** Sets the state that an error leaves a run in. @returns the error to throw, which says how to go on. */
function recordFailure({ db }: Workspace, run: Run, error: unknown): WorkbenchError {
  const reason = error instanceof Error ? error.message : String(error);
  const kind = error instanceof WorkbenchError ? error.kind : 'internal';
  const resumable = kind === 'cancelled' || kind === 'engine-ended';
  setRunState(db, run.id, resumable ? 'interrupted' : 'failed', reason);
  const checkpoint = latestCheckpoint(db, run.id);
  const from = checkpoint === null ? 'from its start' : `from step ${checkpoint.step} of ${run.totalSteps}`;
  const state = resumable ? 'is interrupted' : 'failed';
  const details = error instanceof WorkbenchError ? error.details : {};
  return new WorkbenchError(
    kind,
    `${reason}\nRun '${run.name}' ${state}; go on ${from} with: ccw runs resume ${shellWord(run.name)}`,
    { ...details, runId: run.id, checkpointStep: checkpoint?.step ?? null },
    { cause: error },
  );
}

function shellWord(name: string): string {
  return /^[\w.:/-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
