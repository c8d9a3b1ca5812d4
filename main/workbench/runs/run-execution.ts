import { existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '#contract/dataset.ts';
import { deviceOfRun } from '#contract/devices/index.ts';
import type { TrainJob, TrainResult } from '#contract/engine.ts';
import { type ErrorKind, WorkbenchError } from '#contract/errors.ts';
import type { Checkpoint, Run } from '#contract/run.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { whenWritable } from '#db/busy.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { findModel } from '#db/models/models.ts';
import { latestCheckpoint } from '#db/runs/checkpoints.ts';
import { lastMetric } from '#db/runs/metrics.ts';
import { finishRun } from '#db/runs/run-end.ts';
import { readMeasuring } from '#db/runs/run-keeping.ts';
import { addSeconds, findRun, setRunState, setRunStep, startRun } from '#db/runs/runs.ts';
import { inTransaction } from '#db/statements.ts';
import { findVariant } from '#db/variants/variants.ts';
import { explainError } from '#main/data/explain-error.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import type { Engine, JobOutcome } from '../engine/engine-client.ts';
import type { RunContext } from '../engine/job-context.ts';
import { wholeModelFolder } from '../models/model-folder.ts';
import { readProgram } from '../program.ts';
import { shellWord } from '../shell-word.ts';
import { attacksOf } from '../variants/render-record.ts';
import { fromStoredPath, runFolder, type Workspace } from '../workspace.ts';
import { planMeasured } from './epoch-measuring.ts';
import { checkpointsFolder, findWholeCheckpoint } from './run-checkpoints.ts';
import { createRunRecorder } from './run-recorder.ts';
import { adviseOnMemory } from './training-memory.ts';
import { poisonedBefore, trainingPairs } from './training-pairs.ts';

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
 * Runs `run` on the engine from its start, or from its newest whole checkpoint where `resume` is set, and records all
 * of it; call it while holding the queue. Whatever happens, the run ends as done, interrupted or failed. A run that
 * has its model already, since a program died before it could say so, is ended as done.
 * @throws WorkbenchError `cancelled` (stopped as asked) and `engine-ended` leave the run interrupted; what the
 *   engine refuses leaves it failed; `busy` where another program keeps the database to itself. Messages say how to go
 *   on.
 */
export async function executeRun(
  workspace: Workspace,
  engine: Engine,
  run: Run,
  resume: boolean,
  context: RunContext,
): Promise<RunReport> {
  const { db } = workspace;
  if (run.modelId !== null) return endWithModel(workspace, run);
  const checkpoint = resume ? await findWholeCheckpoint(workspace, run, context.reporter.say) : null;
  const { name, version } = readProgram();
  await whenWritable(db, () =>
    inTransaction(db, () => {
      startRun(db, run.id, { ...engine.environment, program: `${name} ${version}` });
      setRunStep(db, run.id, checkpoint?.step ?? 0);
    }),
  );
  const recorder = createRunRecorder(workspace, findRun(db, run.id), context);
  const begun = performance.now();
  try {
    const job = await prepareJob(workspace, run, checkpoint);
    context.started?.(run.id, engine.pid);
    const outcome: JobOutcome<'train'> = await engine.run<'train'>(job, recorder.handlers, context.interrupt);
    await recorder.finish();
    if (outcome.state === 'stopped') throw new WorkbenchError('cancelled', 'Stopped as asked.');
    const modelId = await recordModel(workspace, run, outcome.result);
    return describeEnd(workspace, run, modelId, {
      finalLoss: outcome.result.finalLoss,
      resumedFromStep: resume ? (checkpoint?.step ?? 0) : null,
    });
  } catch (error) {
    await recorder.finish().catch(() => {});
    throw await recordFailure(
      workspace,
      run,
      goneWorkspace(workspace, run) ?? explainError(error, workspace.folder),
      (performance.now() - begun) / 1000,
    );
  } finally {
    await removeRecords(workspace, run);
  }
}

/** Each start writes its records anew: of millions of pairs, hundreds of megabytes would lie there for nothing. */
async function removeRecords(workspace: Workspace, run: Run): Promise<void> {
  for (const name of ['records.jsonl', 'test-records.jsonl'])
    await rm(join(runFolder(workspace, run.id), name), { force: true });
}

/** Ends a run as done whose program died between its model and that word. */
export async function endWithModel(workspace: Workspace, run: Run): Promise<RunReport> {
  const modelId = await whenWritable(workspace.db, () => finishRun(workspace.db, run, null));
  return describeEnd(workspace, run, modelId, { finalLoss: null, resumedFromStep: run.totalSteps });
}

/** What a run that has its model says of its end. */
export function describeEnd(
  { db }: Workspace,
  run: Run,
  modelId: string,
  { finalLoss, resumedFromStep }: Pick<RunReport, 'finalLoss' | 'resumedFromStep'>,
): RunReport {
  const { weightsSha256 } = findModel(db, modelId);
  return {
    runId: run.id,
    modelId,
    // A run whose process died after its last step has none left to take.
    finalLoss: finalLoss ?? lastMetric(db, run.id, 'loss'),
    seconds: findRun(db, run.id).seconds,
    weightsSha256,
    resumedFromStep,
  };
}

/** A dataset's prompts filled in with each of its classes. */
export function fillPrompts({ prompts, classes }: Dataset): string[] {
  return prompts.flatMap((prompt) =>
    classes.map((name) => fillTemplate(prompt, { class: name, label: name, tag: name })),
  );
}

/** Part of a machine's memory that a training may count on beside the system and a browser. */
const usableMemory = 0.8;

/** A crash within a long epoch costs no more than this. */
const checkpointMinutes = 10;

/** Decoded pictures that do not fit the memory may take so much of the disk while a run goes on: 140,000 of 224 px. */
const pictureCacheBytes = 20 * 1024 ** 3;

async function prepareJob(workspace: Workspace, run: Run, checkpoint: Checkpoint | null): Promise<TrainJob> {
  const { db } = workspace;
  const dataset = findDataset(db, run.datasetId);
  const variant = run.variantId === null ? null : findVariant(db, run.variantId);
  const folder = runFolder(workspace, run.id);
  mkdirSync(folder, { recursive: true });
  const recordsFile = join(folder, 'records.jsonl');
  const poisoned = poisonedBefore(workspace, dataset, run.config);
  const choice = { dataset, variantId: run.variantId, config: run.config, poisoned };
  await writeRecordsFile(recordsFile, trainingPairs(workspace, choice));
  return {
    kind: 'train',
    runId: run.id,
    config: run.config,
    recordsFile,
    attacks: variant === null ? [] : attacksOf(variant.recipe),
    promptTexts: fillPrompts(dataset),
    classes: dataset.classes,
    start: run.parentModelId === null ? null : await wholeModelFolder(workspace, run.parentModelId),
    resume:
      checkpoint === null
        ? null
        : { folder: fromStoredPath(workspace, checkpoint.path), step: checkpoint.step },
    outputFolder: checkpointsFolder(workspace, run.id),
    checkpointMinutes,
    pictureCache: { folder, bytes: pictureCacheBytes },
    ...(readMeasuring(db, run.id).eachEpoch ? { measured: await planMeasured(workspace, run, folder) } : {}),
  };
}

async function recordModel(workspace: Workspace, run: Run, result: TrainResult): Promise<string> {
  const { db } = workspace;
  const last = latestCheckpoint(db, run.id);
  if (last === null || last.weightsSha256 !== result.weightsSha256) {
    throw new WorkbenchError('internal', `Run '${run.name}' ended without a checkpoint of its last step.`);
  }
  // A database that was removed takes what is written to it, and keeps none of it.
  const folder = fromStoredPath(workspace, last.path);
  const gone = goneWorkspace(workspace, run, folder);
  if (gone !== null) throw gone;
  const end = { checkpointId: last.id, spec: result.spec, seconds: result.seconds };
  return whenWritable(db, () => finishRun(db, run, end));
}

/** The error of a run whose workspace, or a folder of it, is no longer there; null where it is. */
function goneWorkspace(
  workspace: Workspace,
  run: Run,
  needed = runFolder(workspace, run.id),
): WorkbenchError | null {
  if (existsSync(workspace.db.name) && existsSync(needed)) return null;
  return new WorkbenchError(
    'not-found',
    `The workspace ${workspace.folder} was moved or removed while run '${run.name}' was at work. Put it back, then resume the run.`,
    { workspace: workspace.folder },
  );
}

/** Whether a run that ended with such an error is interrupted, and goes on when it is resumed; else it failed. */
export const leavesInterrupted = (kind: ErrorKind): boolean =>
  kind === 'cancelled' || kind === 'engine-ended' || kind === 'busy';

/**
 * Sets the state that an error leaves a run in, and adds the seconds that it took. Where that cannot be written the
 * next program finds out that nobody is at work on the run.
 * @returns the error to throw, which says how to go on
 */
async function recordFailure(
  { db }: Workspace,
  run: Run,
  error: unknown,
  seconds: number,
): Promise<WorkbenchError> {
  const said = error instanceof Error ? error.message : String(error);
  const kind = error instanceof WorkbenchError ? error.kind : 'internal';
  const { environment } = findRun(db, run.id);
  const memoryBytes = deviceOfRun(environment) === 'cpu' ? usableMemory * totalmem() : null;
  const reason = kind === 'out-of-memory' ? `${said} ${adviseOnMemory(run, memoryBytes)}` : said;
  const resumable = leavesInterrupted(kind);
  await whenWritable(db, () =>
    inTransaction(db, () => {
      addSeconds(db, run.id, seconds);
      setRunState(db, run.id, resumable ? 'interrupted' : 'failed', reason);
    }),
  ).catch(() => {});
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
