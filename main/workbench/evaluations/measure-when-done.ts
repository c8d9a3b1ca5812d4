import { WorkbenchError } from '#contract/errors.ts';
import type { Evaluation } from '#contract/evaluation.ts';
import type { Run } from '#contract/run.ts';
import { findEvaluation } from '#db/models/evaluations.ts';
import { readMeasuring } from '#db/runs/run-keeping.ts';
import { findRun } from '#db/runs/runs.ts';
import { findVariant } from '#db/variants/variants.ts';
import type { Engine } from '../engine/engine-client.ts';
import type { JobContext } from '../engine/job-context.ts';
import type { Workspace } from '../workspace.ts';
import { attackedVariantOf } from './attacked-variant.ts';
import { viewAttacks } from './attacks.ts';
import { type EvaluationPlan, measuredBy, planEvaluation, runEvaluation } from './evaluations.ts';
import { countTestRecords } from './test-records.ts';

/**
 * Measures a finished run under every attack of its lineage, or clean where it has none; for callers that hold the
 * queue and an engine. What was measured already is not measured again, and a run that was started with measuring
 * switched off is left alone. The run is done whatever happens here: what cannot be measured is said, never thrown.
 * @param engine gives the engine; not called where nothing is left to measure
 * @returns one evaluation for each attack, in their order; those that could not be made are left out
 */
export async function measureWhenDone(
  workspace: Workspace,
  engine: () => Promise<Engine>,
  runId: string,
  context: JobContext,
): Promise<Evaluation[]> {
  const { atEnd, eachEpoch } = readMeasuring(workspace.db, runId);
  // Curves by epoch end in the run's result.
  if (!atEnd && !eachEpoch) return [];
  const run = findRun(workspace.db, runId);
  const evaluations: Evaluation[] = [];
  try {
    for (const plan of planRunMeasuring(workspace, run)) {
      evaluations.push(
        findEvaluation(workspace.db, measuredBy(plan)) ??
          (await runEvaluation(workspace, await engine(), plan, context)),
      );
    }
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    context.reporter.say(`Run '${run.name}' is done and was not measured: ${error.message}`);
  }
  return evaluations;
}

/** How a run with a model is measured; nothing where its dataset has no labelled pictures. */
export function planRunMeasuring(workspace: Workspace, run: Run): EvaluationPlan[] {
  const { modelId } = run;
  if (modelId === null) return [];
  const variant = attackedVariantOf(workspace, run);
  const parts =
    variant === null ? [0] : viewAttacks(findVariant(workspace.db, variant)).map(({ part }) => part);
  return parts
    .map((part) => planEvaluation(workspace, { model: modelId, dataset: null, variant, part }))
    .filter(({ dataset }) => countTestRecords(workspace, dataset.id) > 0);
}
