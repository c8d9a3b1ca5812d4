import { WorkbenchError } from '#contract/errors.ts';
import type { Evaluation } from '#contract/evaluation.ts';
import type { Run } from '#contract/run.ts';
import { findEvaluation, latestEvaluationOf } from '#db/models/evaluations.ts';
import { findModel } from '#db/models/models.ts';
import type { Engine } from '../engine/engine-client.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import { attackedVariantOfModel } from '../evaluations/attacked-variant.ts';
import {
  type EvaluationPlan,
  measuredBy,
  planEvaluation,
  runEvaluation,
} from '../evaluations/evaluations.ts';
import { type Differences, findDifferences, settingsOf } from '../runs/run-settings.ts';
import { showRun } from '../runs/runs.ts';
import type { Workspace } from '../workspace.ts';

export interface Comparison {
  runs: { run: Run; evaluation: Evaluation }[];
  /** Settings that are not the same in all runs: setting -> run name -> value. */
  differences: Differences;
}

/**
 * Puts runs side by side, each measured under the attack of its variant or of the one that the model it started
 * from was trained on. A run that was not measured so yet is measured first.
 * @throws WorkbenchError `not-found`; `conflict` where a run has no model yet; and as evaluate() does.
 */
export async function compareRuns(
  workspace: Workspace,
  namesOrIds: readonly string[],
  context: JobContext,
): Promise<Comparison> {
  const runs = uniqueRuns(namesOrIds.map((nameOrId) => showRun(workspace, nameOrId)));
  for (const run of runs) requireModel(run);
  const missing = planMissing(workspace, runs);
  if (missing.length > 0) {
    await withEngine(workspace, context, (engine) => measureMissing(workspace, engine, missing, context));
  }
  return {
    runs: runs.map((run) => ({ run, evaluation: findCompared(workspace, run) as Evaluation })),
    differences: findDifferences(
      runs.map((run) => ({ name: run.name, settings: settingsOf(workspace, run) })),
    ),
  };
}

/** The evaluations that are missing to compare these runs; those without a model are passed over. */
export function planMissing(workspace: Workspace, runs: readonly Run[]): EvaluationPlan[] {
  return runs
    .filter((run) => run.modelId !== null && findCompared(workspace, run) === null)
    .map((run) => planFor(workspace, run));
}

/** Makes the evaluations of {@link planMissing}; for callers that hold the queue and an engine. */
export async function measureMissing(
  workspace: Workspace,
  engine: Engine,
  plans: readonly EvaluationPlan[],
  context: JobContext,
): Promise<void> {
  for (const plan of plans) {
    context.reporter.say(`Measuring ${plan.model.name}, which has no evaluation yet.`);
    await runEvaluation(workspace, engine, plan, context);
  }
}

/**
 * The evaluation that stands for a run in a comparison: the latest with the dataset's prompts, under the attack of
 * its lineage, the first where that has several; for a run that never saw poison, under whatever attack it was last measured. null: there is none.
 */
export function findCompared(workspace: Workspace, run: Run): Evaluation | null {
  if (run.modelId === null) return null;
  const plan = planFor(workspace, run);
  return plan.variant === null
    ? latestEvaluationOf(workspace.db, plan.model.id)
    : findEvaluation(workspace.db, measuredBy(plan));
}

/**
 * How a model, by its name or id or those of its run, is measured: with the attack of its lineage, or of the variant
 * named; where that has several, with the first or that of the place given (from 0).
 * @throws WorkbenchError `not-found`; `bad-input` for a model from a file where no variant says on what data; and as
 *   planEvaluation() does
 */
export function planMeasuring(
  workspace: Workspace,
  model: string,
  variant: string | null,
  part: number,
): EvaluationPlan {
  const { id } = findModel(workspace.db, model);
  return planEvaluation(workspace, {
    model: id,
    dataset: null,
    variant: variant ?? attackedVariantOfModel(workspace, id),
    part,
  });
}

function planFor(workspace: Workspace, run: Run): EvaluationPlan {
  return planMeasuring(workspace, requireModel(run), null, 0);
}

/** Each run once, in the order of first mention. */
export function uniqueRuns(runs: readonly Run[]): Run[] {
  return [...new Map(runs.map((run) => [run.id, run])).values()];
}

function requireModel(run: Run): string {
  if (run.modelId !== null) return run.modelId;
  throw new WorkbenchError(
    'conflict',
    `Run '${run.name}' is ${run.state} and has no model to measure: finish it with ccw runs resume ${run.name}, or leave it out.`,
    { runId: run.id, state: run.state },
  );
}
