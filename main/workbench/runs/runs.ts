import { deviceOfRun } from '#contract/devices/index.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Evaluation } from '#contract/evaluation.ts';
import type { NewRun, Run } from '#contract/run.ts';
import { describeUnseen } from '#core/prompts/unseen-words.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { findModel } from '#db/models/models.ts';
import { type Measuring, setMeasuring } from '#db/runs/run-keeping.ts';
import { findRun, insertRun, listRuns } from '#db/runs/runs.ts';
import { findVariant } from '#db/variants/variants.ts';
import type { Engine } from '../engine/engine-client.ts';
import type { RunContext } from '../engine/job-context.ts';
import { refreshRunStates, withEngine, withQueue } from '../engine/queue.ts';
import { measureWhenDone } from '../evaluations/measure-when-done.ts';
import { findUnseenByStart } from '../models/unseen-tokens.ts';
import type { Workspace } from '../workspace.ts';
import { endWithModel, executeRun, type RunReport } from './run-execution.ts';
import { planRun, type RunPlanRequest } from './run-plans.ts';

/** A run as a person starts it. */
export interface StartRequest extends RunPlanRequest {
  /** Left out: when it is done, and not after each epoch. */
  measuring?: Measuring;
}

/** How a run ended, with what was measured of it then: one evaluation for each attack. */
export interface MeasuredReport extends RunReport {
  evaluations: Evaluation[];
}

/** Plans, runs and measures what was asked for: see {@link planRun} and {@link executeRun} for the errors. */
export async function startRun(
  workspace: Workspace,
  { measuring = { eachEpoch: false, atEnd: true }, ...request }: StartRequest,
  context: RunContext,
): Promise<MeasuredReport> {
  const plan = planRun(workspace, request);
  const unseen = findUnseenByStart(workspace, plan);
  const told = [
    describeUnseen(unseen?.captions ?? null, 'captions (the first)'),
    describeUnseen(unseen?.prompts ?? null, 'prompts and class names'),
  ];
  for (const text of told) if (text !== null) context.reporter.say(text);
  return withEngine(workspace, context, async (engine) => {
    const run = insertRun(workspace.db, plan);
    setMeasuring(workspace.db, run.id, measuring);
    return runAndMeasure(workspace, engine, { run, resume: false }, context);
  });
}

/** {@link executeRun}, then {@link measureWhenDone}; for callers that hold the queue and an engine. */
export async function runAndMeasure(
  workspace: Workspace,
  engine: Engine,
  { run, resume }: { run: Run; resume: boolean },
  context: RunContext,
): Promise<MeasuredReport> {
  const report = await executeRun(workspace, engine, run, resume, context);
  return { ...report, evaluations: await measureWhenDone(workspace, async () => engine, run.id, context) };
}

/** Stores a planned run and runs it, and measures nothing; for callers that hold the queue and an engine. */
export async function runPlan(
  workspace: Workspace,
  engine: Engine,
  plan: NewRun,
  context: RunContext,
): Promise<RunReport> {
  return executeRun(workspace, engine, insertRun(workspace.db, plan), false, context);
}

/**
 * Goes on with an interrupted or failed run from its newest whole checkpoint, or from its start where it has none, on
 * the device that it began on (another one gives other rounding, so it is taken only when named). A run that has its
 * model already is ended as done.
 * @throws WorkbenchError `not-found`; `conflict` where the run is done; `busy`.
 */
export async function resumeRun(
  workspace: Workspace,
  nameOrId: string,
  context: RunContext,
): Promise<MeasuredReport> {
  const { device, reporter } = context;
  const before = findResumable(workspace, nameOrId);
  if (before.modelId !== null) {
    return withQueue(workspace, async () => ({
      ...(await endWithModel(workspace, findResumable(workspace, nameOrId))),
      evaluations: [],
    }));
  }
  const began = deviceOfRun(before.environment);
  if (device !== null && began !== null && device !== began) {
    reporter.say(
      `Run '${before.name}' began on ${began}: on ${device} it ends with slightly different weights.`,
    );
  }
  return withEngine(workspace, { ...context, device: device ?? began }, (engine) =>
    runAndMeasure(workspace, engine, { run: findResumable(workspace, nameOrId), resume: true }, context),
  );
}

/** A run, as it is now: one whose program died is shown as interrupted. */
export function showRun(workspace: Workspace, nameOrId: string): Run {
  refreshRunStates(workspace);
  return findRun(workspace.db, nameOrId);
}

/** A run with the names of what it was made from. */
export interface RunDescription {
  run: Run;
  dataset: string;
  variant: string | null;
  parent: string | null;
}

export function describeRun(workspace: Workspace, nameOrId: string): RunDescription {
  const { db } = workspace;
  const run = showRun(workspace, nameOrId);
  return {
    run,
    dataset: findDataset(db, run.datasetId).name,
    variant: run.variantId === null ? null : findVariant(db, run.variantId).name,
    parent: run.parentModelId === null ? null : findModel(db, run.parentModelId).name,
  };
}

/** All runs, oldest first, as they are now. */
export function showRuns(workspace: Workspace): Run[] {
  refreshRunStates(workspace);
  return listRuns(workspace.db);
}

function findResumable(workspace: Workspace, nameOrId: string): Run {
  const run = findRun(workspace.db, nameOrId);
  if (run.state !== 'done') return run;
  throw new WorkbenchError(
    'conflict',
    `Run '${run.name}' is done (model ${run.modelId}): there is nothing to resume.`,
    { runId: run.id, modelId: run.modelId },
  );
}
