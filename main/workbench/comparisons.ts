import { WorkbenchError } from '#contract/errors.ts';
import type { Evaluation } from '#contract/evaluation.ts';
import type { Run } from '#contract/run.ts';
import { findEvaluation } from '#db/evaluations.ts';
import { findModel } from '#db/models.ts';
import { findRun } from '#db/runs.ts';
import { type EvaluationPlan, planEvaluation, runEvaluation } from './evaluations.ts';
import type { JobContext } from './job-context.ts';
import { withEngine } from './queue.ts';
import { describeRun, showRun } from './runs.ts';
import type { Workspace } from './workspace.ts';

export type SettingValue = string | number | null;

export interface Comparison {
  runs: { run: Run; evaluation: Evaluation }[];
  /** Settings that are not the same in all runs: setting -> run name -> value. */
  differences: Record<string, Record<string, SettingValue>>;
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
  const plans = runs.map((run) => planOf(workspace, run));
  const stored = plans.map((plan) => findStored(workspace, plan));
  if (stored.includes(null)) {
    await withEngine(workspace, context, async (engine) => {
      for (const [index, plan] of plans.entries()) {
        if (stored[index] !== null) continue;
        context.reporter.say(`Measuring ${plan.model.name}, which has no evaluation yet.`);
        stored[index] = await runEvaluation(workspace, engine, plan, context);
      }
    });
  }
  return {
    runs: runs.map((run, index) => ({ run, evaluation: stored[index] as Evaluation })),
    differences: findDifferences(
      runs.map((run) => ({ name: run.name, settings: settingsOf(workspace, run) })),
    ),
  };
}

/** The variant that a run, or the nearest of the runs before it, was trained on; null where all data were clean. */
export function attackedVariantOf({ db }: Workspace, run: Run): string | null {
  let current = run;
  while (current.variantId === null && current.parentModelId !== null) {
    current = findRun(db, findModel(db, current.parentModelId).runId);
  }
  return current.variantId;
}

/** The settings whose values are not the same for all: setting -> name -> value. Absent settings count as null. */
export function findDifferences(
  of: readonly { name: string; settings: Record<string, SettingValue> }[],
): Comparison['differences'] {
  const names = [...new Set(of.flatMap(({ settings }) => Object.keys(settings)))];
  const differing = names.filter(
    (setting) => new Set(of.map(({ settings }) => settings[setting] ?? null)).size > 1,
  );
  return Object.fromEntries(
    differing.map((setting) => [
      setting,
      Object.fromEntries(of.map(({ name, settings }) => [name, settings[setting] ?? null])),
    ]),
  );
}

function uniqueRuns(runs: readonly Run[]): Run[] {
  return [...new Map(runs.map((run) => [run.id, run])).values()];
}

function planOf(workspace: Workspace, run: Run): EvaluationPlan {
  if (run.modelId === null) {
    throw new WorkbenchError(
      'conflict',
      `Run '${run.name}' is ${run.state} and has no model to measure: finish it with ccw runs resume ${run.name}, or leave it out.`,
      { runId: run.id, state: run.state },
    );
  }
  const variant = attackedVariantOf(workspace, run);
  return planEvaluation(workspace, { model: run.modelId, dataset: null, variant });
}

function findStored({ db }: Workspace, plan: EvaluationPlan): Evaluation | null {
  return findEvaluation(db, plan.model.id, plan.dataset.id, plan.variant?.id ?? null);
}

/** Everything that was chosen for a run, in words. */
function settingsOf(workspace: Workspace, run: Run): Record<string, SettingValue> {
  const { dataset, variant, parent } = describeRun(workspace, run.id);
  return { ...run.config, dataset, variant, parent, backend: run.environment?.backend ?? null };
}
