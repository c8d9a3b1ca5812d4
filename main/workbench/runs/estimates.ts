import type { z } from 'zod';
import type { estimateSchema, RunRequest } from '#contract/api/runs.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { loopOf, methodOf } from '#contract/methods/method-registry.ts';
import { type NewRun, type Run, runConfigSchema } from '#contract/run.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { secondsPerPicture } from '#db/models/scores.ts';
import { findMeasuredRun } from '#db/runs/runs.ts';
import { countTestRecords } from '../evaluations/test-records.ts';
import { findUnseenByStart } from '../models/unseen-tokens.ts';
import type { Workspace } from '../workspace.ts';
import { planRun } from './run-plans.ts';
import { estimateTrainingBytes } from './training-memory.ts';
import { countTrainingPairs, poisonedBefore } from './training-pairs.ts';

export type Estimate = z.infer<typeof estimateSchema>;

/** Of a step's time on a pair, what each tower takes: measured on the demo's model, where pictures take most. */
const towerFractions = { image: 0.8, text: 0.2 } as const;
/** A pass without gradients, against one with them. */
const forwardFraction = 1 / 3;

/** Passes of a pair through both towers over a whole run. */
function passesOf({ config }: Pick<NewRun, 'config'>): number {
  const { passes, passesBefore } = methodOf(config.method).cost;
  const each = towerFractions.image * passes.image + towerFractions.text * passes.text;
  return loopOf(config.settings).epochs * each + forwardFraction * towerFractions.image * passesBefore;
}

/** What a run would cost on this machine; a request that could not start gives its problem in place of an error. */
export function estimateRun(workspace: Workspace, request: RunRequest): Estimate {
  let plan: NewRun;
  try {
    plan = planRun(workspace, { name: request.name ?? null, config: runConfigSchema.parse(request.config) });
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return {
      totalSteps: 0,
      records: 0,
      leftOut: 0,
      seconds: null,
      memoryBytes: 0,
      measuring: { pictures: 0, seconds: null },
      unseen: null,
      basis: '',
      problem: error.message,
    };
  }
  const dataset = findDataset(workspace.db, plan.datasetId);
  const poisoned = poisonedBefore(workspace, dataset, plan.config);
  const records = countTrainingPairs(workspace, { ...plan, dataset, poisoned });
  const measured = findMeasuredRun(workspace.db, plan.architecture, plan.config.method);
  return {
    totalSteps: plan.totalSteps,
    records,
    leftOut: plan.leftOut,
    memoryBytes: estimateTrainingBytes(plan),
    measuring: estimateMeasuring(workspace, plan),
    unseen: findUnseenByStart(workspace, plan),
    problem: null,
    ...(measured === null
      ? { seconds: null, basis: `No run of ${plan.architecture} was measured on this machine yet.` }
      : { seconds: secondsFrom(measured, plan, records), basis: describeBasis(measured, plan) }),
  };
}

/** Measuring after each epoch, from the latest evaluation of the same architecture. */
function estimateMeasuring(
  workspace: Workspace,
  { datasetId, architecture, config }: NewRun,
): Estimate['measuring'] {
  const pictures = countTestRecords(workspace, datasetId);
  const perPicture = secondsPerPicture(workspace.db, architecture);
  return {
    pictures,
    seconds: perPicture === null ? null : perPicture * pictures * loopOf(config.settings).epochs,
  };
}

/** What the time of a run follows from. */
type PlannedCost = Pick<NewRun, 'config' | 'architecture'>;

/** Seconds of training from what a finished run took here; null where nothing of the architecture ran yet. */
export function estimateSeconds(
  { db }: Pick<Workspace, 'db'>,
  plan: PlannedCost,
  records: number,
): number | null {
  const measured = findMeasuredRun(db, plan.architecture, plan.config.method);
  return measured === null ? null : secondsFrom(measured, plan, records);
}

function secondsFrom(measured: Run, plan: PlannedCost, records: number): number {
  const { epochs, batchSize } = loopOf(measured.config.settings);
  const pairs = epochs === 0 ? 1 : (measured.totalSteps * batchSize) / epochs;
  const perPass = measured.seconds / (pairs * passesOf(measured));
  return perPass * records * passesOf(plan);
}

function describeBasis(measured: Run, { config }: NewRun): string {
  const perStep = (1000 * measured.seconds) / Math.max(1, measured.totalSteps);
  const scaled = measured.config.method === config.method ? '' : ', scaled to this method';
  const sizeOf = (run: Pick<NewRun, 'config'>) => loopOf(run.config.settings).batchSize;
  const batch = sizeOf(measured) === sizeOf({ config }) ? '' : ', scaled to this batch size';
  return `Run '${measured.name}' took ${perStep.toFixed(0)} ms a step${scaled}${batch}.`;
}
