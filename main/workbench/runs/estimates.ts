import type { z } from 'zod';
import type { estimateSchema, RunRequest } from '#contract/api/runs.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { NewRun, Run } from '#contract/run.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { secondsPerPicture } from '#db/models/scores.ts';
import { listRuns } from '#db/runs/runs.ts';
import { countTestRecords } from '../evaluations/test-records.ts';
import type { Workspace } from '../workspace.ts';
import { planRequest } from './run-requests.ts';
import { estimateTrainingBytes } from './training-memory.ts';
import { countTrainingPairs } from './training-pairs.ts';

export type Estimate = z.infer<typeof estimateSchema>;

/** How many pictures and texts of a pair go through the towers in a step, for methods that were not measured. */
const passes = { train: 1, mmcl: 1, cleanclip: 2, supervised: 0.8 } as const;

/** What a run would cost on this machine; a request that could not start gives its problem in place of an error. */
export function estimateRun(workspace: Workspace, request: RunRequest): Estimate {
  let plan: NewRun;
  try {
    plan = planRequest(workspace, request);
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return {
      totalSteps: 0,
      records: 0,
      seconds: null,
      memoryBytes: 0,
      measuring: { pictures: 0, seconds: null },
      basis: '',
      problem: error.message,
    };
  }
  const records = countTrainingPairs(workspace, {
    dataset: findDataset(workspace.db, plan.datasetId),
    variantId: plan.variantId,
    config: plan.config,
  });
  const measured = findMeasured(listRuns(workspace.db), plan);
  return {
    totalSteps: plan.totalSteps,
    records,
    memoryBytes: estimateTrainingBytes(plan.config),
    measuring: estimateMeasuring(workspace, plan),
    problem: null,
    ...(measured === null
      ? { seconds: null, basis: `No run of ${plan.config.architecture} was measured on this machine yet.` }
      : { seconds: secondsFrom(measured, plan), basis: describeBasis(measured, plan) }),
  };
}

/** Measuring after each epoch, from the latest evaluation of the same architecture. */
function estimateMeasuring(workspace: Workspace, { datasetId, config }: NewRun): Estimate['measuring'] {
  const pictures = countTestRecords(workspace, datasetId);
  const perPicture = secondsPerPicture(workspace.db, config.architecture);
  return { pictures, seconds: perPicture === null ? null : perPicture * pictures * config.epochs };
}

/** The latest finished run of the same architecture, of the same kind if there is one. */
function findMeasured(runs: readonly Run[], { config }: NewRun): Run | null {
  const finished = runs.filter(
    (run) => run.state === 'done' && run.seconds > 0 && run.config.architecture === config.architecture,
  );
  return finished.findLast((run) => run.kind === config.kind) ?? finished.at(-1) ?? null;
}

function secondsFrom(measured: Run, { config, totalSteps }: NewRun): number {
  const perPair = measured.seconds / (measured.totalSteps * measured.config.batchSize);
  return perPair * config.batchSize * totalSteps * (passes[config.kind] / passes[measured.config.kind]);
}

function describeBasis(measured: Run, { config }: NewRun): string {
  const perStep = (1000 * measured.seconds) / measured.totalSteps;
  const scaled = measured.kind === config.kind ? '' : ', scaled to this method';
  const batch = measured.config.batchSize === config.batchSize ? '' : ', scaled to this batch size';
  return `Run '${measured.name}' took ${perStep.toFixed(0)} ms a step${scaled}${batch}.`;
}
