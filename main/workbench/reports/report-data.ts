import type { EvaluationView } from '#contract/api/models.ts';
import type { RunRole } from '#contract/roles.ts';
import type { Run } from '#contract/run.ts';
import type { RunFile } from '#contract/run-file.ts';
import { roleOf } from '#core/run-role.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { findEvaluation, latestEvaluationOf } from '#db/models/evaluations.ts';
import { findModel } from '#db/models/models.ts';
import { findVariant } from '#db/variants/variants.ts';
import { type AttackDetails, attackOfEvaluation, describeAttack } from '../comparisons/attack-details.ts';
import { measuredBy } from '../evaluations/evaluations.ts';
import { planRunMeasuring } from '../evaluations/measure-when-done.ts';
import { viewEvaluation } from '../evaluations/results.ts';
import { exportRunFile } from '../run-files/export-run-file.ts';
import { chosenSettings, type Settings } from '../runs/run-settings.ts';
import type { Workspace } from '../workspace.ts';

/** One measurement of a run: on which pictures, under which attack. */
export interface ReportedResult {
  evaluation: EvaluationView;
  /** null: nothing was attacked. */
  attack: AttackDetails | null;
}

/** A run as a report tells of it. */
export interface ReportedRun {
  run: Run;
  role: RunRole;
  dataset: string;
  /** What its own training data was poisoned with; empty for clean data. */
  poison: AttackDetails[];
  /** The model that it started from. */
  start: string | null;
  settings: Settings;
  weightsSha256: string | null;
  /** Under every attack of its lineage; empty where it is not measured. */
  results: ReportedResult[];
  file: RunFile;
}

/** Everything that a report says of one run. */
export function reportRun(workspace: Workspace, run: Run): ReportedRun {
  const { db } = workspace;
  const variant = run.variantId === null ? null : findVariant(db, run.variantId);
  return {
    run,
    role: roleOf(run.config),
    dataset: findDataset(db, run.datasetId).name,
    poison:
      variant === null ? [] : variant.recipe.parts.map((_, part) => describeAttack(workspace, variant, part)),
    start: run.parentModelId === null ? null : findModel(db, run.parentModelId).name,
    settings: chosenSettings(run),
    weightsSha256: run.modelId === null ? null : findModel(db, run.modelId).weightsSha256,
    results: findResults(workspace, run),
    file: exportRunFile(workspace, run),
  };
}

function findResults(workspace: Workspace, run: Run): ReportedResult[] {
  const { db } = workspace;
  if (run.modelId === null) return [];
  const planned = planRunMeasuring(workspace, run).flatMap(
    (plan) => findEvaluation(db, measuredBy(plan)) ?? [],
  );
  const latest = planned.length > 0 ? null : latestEvaluationOf(db, run.modelId);
  return [...planned, ...(latest === null ? [] : [latest])].map((evaluation) => ({
    evaluation: viewEvaluation(workspace, evaluation),
    attack: attackOfEvaluation(workspace, evaluation),
  }));
}
