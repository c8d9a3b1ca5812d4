import { WorkbenchError } from '#contract/errors.ts';
import type { Evaluation } from '#contract/evaluation.ts';
import { findEvaluation, latestEvaluationOf } from '#db/models/evaluations.ts';
import { findModel } from '#db/models/models.ts';
import { findVariant } from '#db/variants/variants.ts';
import type { Engine } from '../engine/engine-client.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import { attackedVariantOf, attackedVariantOfModel } from '../evaluations/attacked-variant.ts';
import {
  type EvaluationPlan,
  measuredBy,
  planEvaluation,
  runEvaluation,
} from '../evaluations/evaluations.ts';
import { findAllStudied, modelIdOf, nameOf, type Studied } from '../models/studied-models.ts';
import { type Differences, findDifferences, settingsOf } from '../runs/run-settings.ts';
import type { Workspace } from '../workspace.ts';

export interface Comparison {
  models: { studied: Studied; evaluation: Evaluation }[];
  /** Settings that are not the same in all runs: setting -> name -> value. */
  differences: Differences;
}

/**
 * Puts models side by side, each measured under the attack of its lineage; one from a file, whose lineage is not
 * known, under that of the first of the others. What was not measured so yet is measured first.
 * @param namesOrIds of models or of runs
 * @throws WorkbenchError `not-found`; `conflict` where a run has no model yet; `bad-input` where nothing says on what
 *   data a model from a file is measured; and as evaluate() does
 */
export async function compareModels(
  workspace: Workspace,
  namesOrIds: readonly string[],
  context: JobContext,
): Promise<Comparison> {
  const compared = findAllStudied(workspace, namesOrIds);
  for (const studied of compared) requireModel(studied);
  const missing = planMissing(workspace, compared);
  if (missing.length > 0) {
    await withEngine(workspace, context, (engine) => measureMissing(workspace, engine, missing, context));
  }
  const attack = sharedAttack(workspace, compared);
  return {
    models: compared.map((studied) => ({
      studied,
      evaluation: requireEvaluation(workspace, studied, attack),
    })),
    differences: findDifferences(
      compared.map((studied) => ({ name: nameOf(studied), settings: settingsOf(workspace, studied) })),
    ),
  };
}

/** What a model from a file is measured under beside others: the data and the attack of the first that has one. */
export interface SharedAttack {
  dataset: string;
  variant: string | null;
}

/** null where none of them says on what data it is measured. */
export function sharedAttack(workspace: Workspace, compared: readonly Studied[]): SharedAttack | null {
  const runs = compared.flatMap((studied) => (studied.kind === 'run' ? [studied.run] : []));
  for (const run of runs) {
    const variant = attackedVariantOf(workspace, run);
    if (variant !== null) return { dataset: findVariant(workspace.db, variant).datasetId, variant };
  }
  const [first] = runs;
  return first === undefined ? null : { dataset: first.datasetId, variant: null };
}

/** The evaluations that are missing to compare these; runs without a model are passed over. */
export function planMissing(workspace: Workspace, compared: readonly Studied[]): EvaluationPlan[] {
  const attack = sharedAttack(workspace, compared);
  return compared
    .filter((studied) => isMissing(workspace, studied, attack))
    .flatMap((studied) => planFor(workspace, studied, attack) ?? []);
}

/** Whether a model is there that was not measured as the comparison needs it. */
function isMissing(workspace: Workspace, studied: Studied, attack: SharedAttack | null): boolean {
  if (modelIdOf(studied) === null) return false;
  const plan = studied.kind === 'file' ? planFor(workspace, studied, attack) : null;
  return plan === null
    ? findCompared(workspace, studied, attack) === null
    : findEvaluation(workspace.db, measuredBy(plan)) === null;
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
 * The evaluation that stands for a model in a comparison: the latest with the dataset's prompts, under the attack of
 * its lineage, the first where that has several. One that never saw poison stands with whatever it was last measured
 * under; one from a file with `attack`, or else with that too. null: there is none.
 */
export function findCompared(
  workspace: Workspace,
  studied: Studied,
  attack: SharedAttack | null,
): Evaluation | null {
  const modelId = modelIdOf(studied);
  if (modelId === null) return null;
  const plan = planFor(workspace, studied, attack);
  const latest = () => latestEvaluationOf(workspace.db, modelId);
  if (plan === null || (studied.kind === 'run' && plan.variant === null)) return latest();
  return findEvaluation(workspace.db, measuredBy(plan)) ?? (studied.kind === 'file' ? latest() : null);
}

/** On what a model is measured; what is left out follows from its lineage. */
export interface MeasuringChoice {
  dataset?: string | null | undefined;
  variant?: string | null | undefined;
  part?: number;
}

/**
 * How a model, by its name or id or those of its run, is measured: with the attack of its lineage, or of the variant
 * named; where that has several, with the first or that of the place given (from 0). A dataset without a variant is
 * measured clean.
 * @throws WorkbenchError `not-found`; `bad-input` for a model from a file where neither says on what data; and as
 *   planEvaluation() does
 */
export function planMeasuring(
  workspace: Workspace,
  model: string,
  { dataset = null, variant = null, part = 0 }: MeasuringChoice = {},
): EvaluationPlan {
  const { id } = findModel(workspace.db, model);
  const ofLineage = dataset === null ? attackedVariantOfModel(workspace, id) : null;
  return planEvaluation(workspace, { model: id, dataset, variant: variant ?? ofLineage, part });
}

/** null for a model from a file where nothing says on what data it is measured. */
function planFor(workspace: Workspace, studied: Studied, attack: SharedAttack | null): EvaluationPlan | null {
  if (studied.kind === 'run') return planMeasuring(workspace, requireModel(studied));
  return attack === null ? null : planMeasuring(workspace, studied.model.id, attack);
}

function requireEvaluation(workspace: Workspace, studied: Studied, attack: SharedAttack | null): Evaluation {
  const evaluation = findCompared(workspace, studied, attack);
  if (evaluation !== null) return evaluation;
  throw new WorkbenchError(
    'bad-input',
    `Model '${nameOf(studied)}' was brought from a file, so its data is not known: compare it with a run, or measure it first with ccw evaluate --model ${nameOf(studied)} --variant VARIANT.`,
    { model: modelIdOf(studied) },
  );
}

function requireModel(studied: Studied): string {
  if (studied.kind === 'file') return studied.model.id;
  const { id, name, state, modelId } = studied.run;
  if (modelId !== null) return modelId;
  throw new WorkbenchError(
    'conflict',
    `Run '${name}' is ${state} and has no model to measure: finish it with ccw runs resume ${name}, or leave it out.`,
    { runId: id, state },
  );
}
