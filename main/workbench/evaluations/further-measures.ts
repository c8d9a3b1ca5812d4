import { WorkbenchError } from '#contract/errors.ts';
import type { Evaluation } from '#contract/evaluation.ts';
import {
  type FurtherMeasureName,
  type FurtherTraining,
  furtherMeasureOf,
} from '#contract/further-measures.ts';
import { loopOf } from '#contract/methods/method-registry.ts';
import { addMetrics, readEvaluation } from '#db/models/evaluations.ts';
import { listRunNames } from '#db/runs/runs.ts';
import type { Engine } from '../engine/engine-client.ts';
import type { RunContext } from '../engine/job-context.ts';
import { freeName } from '../names.ts';
import { completeConfig, type PartialConfig } from '../runs/complete-config.ts';
import { planRun } from '../runs/run-plans.ts';
import { runPlan } from '../runs/runs.ts';
import { countTrainingPairs } from '../runs/training-pairs.ts';
import type { Workspace } from '../workspace.ts';
import { type EvaluationPlan, planEvaluation, runEvaluation } from './evaluations.ts';
import { addRetrieval } from './retrieval.ts';

/**
 * Whether a further measure says something of what was measured.
 * @throws WorkbenchError `bad-input` where it does not, with what to choose
 */
export function refuseUnfitMeasure(
  { model, attack }: Pick<EvaluationPlan, 'model' | 'attack'>,
  name: FurtherMeasureName,
): void {
  const { label, needsAttack, needsTextTower } = furtherMeasureOf(name);
  if (needsAttack && attack === null) {
    throw new WorkbenchError(
      'bad-input',
      `${label} measures an attack again, and nothing was attacked: choose the variant of that attack.`,
    );
  }
  if (needsTextTower && model.spec.headClasses !== null) {
    throw new WorkbenchError(
      'bad-input',
      `${label} needs the text tower, and model '${model.name}' answers with a linear head: choose the model that it was made from.`,
      { model: model.id },
    );
  }
}

/** What an evaluation looked at, to be measured further. @throws WorkbenchError `not-found`; as {@link refuseUnfitMeasure} does */
export function planFurtherMeasure(
  workspace: Workspace,
  evaluationId: string,
  name: FurtherMeasureName,
): { plan: EvaluationPlan; evaluation: Evaluation } {
  const evaluation = readEvaluation(workspace.db, evaluationId);
  const { modelId, datasetId, variantId, part } = evaluation;
  const plan = planEvaluation(workspace, { model: modelId, dataset: datasetId, variant: variantId, part });
  refuseUnfitMeasure(plan, name);
  return { plan, evaluation };
}

/**
 * Measures further and adds what was found to an evaluation; what is trained for it stays as a run of its own. For
 * callers that hold the queue and an engine.
 * @throws WorkbenchError as {@link refuseUnfitMeasure}, planRun() and runEvaluation() do; `cancelled`, `engine-ended`
 */
export async function measureFurther(
  workspace: Workspace,
  engine: Engine,
  { plan, evaluation }: { plan: EvaluationPlan; evaluation: Evaluation },
  name: FurtherMeasureName,
  context: RunContext,
): Promise<Evaluation> {
  refuseUnfitMeasure(plan, name);
  const { training } = furtherMeasureOf(name);
  if (training === null) return addRetrieval(workspace, engine, { plan, evaluation }, context);
  const { db } = workspace;
  const run = await runPlan(
    workspace,
    engine,
    planRun(workspace, {
      name: freeName(`${plan.model.name}-${name}`, new Set(listRunNames(db))),
      config: completeConfig(fitBatch(workspace, plan, training)),
    }),
    context,
  );
  const { result } = await runEvaluation(
    workspace,
    engine,
    planEvaluation(workspace, {
      model: run.modelId,
      dataset: plan.dataset.id,
      variant: plan.variant?.id ?? null,
      part: plan.part,
    }),
    context,
  );
  const { ca, asr } = training.metrics;
  addMetrics(db, evaluation.id, { [ca]: result.ca, ...(result.asr === null ? {} : { [asr]: result.asr }) });
  return readEvaluation(db, evaluation.id);
}

/** The method's preset on the clean pairs; where these do not fill a batch, in one batch. */
function fitBatch(
  workspace: Workspace,
  { model, dataset }: EvaluationPlan,
  training: FurtherTraining,
): PartialConfig {
  const { method, settings } = training;
  const wanted: PartialConfig = {
    start: { kind: 'model', model: model.id },
    data: { kind: 'dataset', id: dataset.id },
    method,
    settings,
    repairs: true,
  };
  const config = completeConfig(wanted);
  const pairs = countTrainingPairs(workspace, { dataset, variantId: null, config, poisoned: new Set() });
  const { batchSize } = loopOf(config.settings);
  return pairs >= batchSize || pairs < 2
    ? wanted
    : { ...wanted, settings: { ...settings, batchSize: pairs } };
}
