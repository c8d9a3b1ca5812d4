import { implement } from '@orpc/server';
import { modelsApi, type PredictionRow } from '#contract/api/models.ts';
import type { RunView } from '#contract/api/runs.ts';
import { furtherMeasureOf } from '#contract/further-measures.ts';
import type { Run } from '#contract/run.ts';
import { planMeasuring } from '#main/workbench/comparisons/comparisons.ts';
import { viewAttacksOn } from '#main/workbench/evaluations/attacks.ts';
import { runEvaluation } from '#main/workbench/evaluations/evaluations.ts';
import { measureFurther, planFurtherMeasure } from '#main/workbench/evaluations/further-measures.ts';
import { planRescoring, runRescoring } from '#main/workbench/evaluations/rescoring.ts';
import {
  type PredictedPicture,
  readConfusion,
  viewEvaluations,
  viewModels,
  viewPredictions,
} from '#main/workbench/evaluations/results.ts';
import { findStudied, viewStudied } from '#main/workbench/models/studied-models.ts';
import { thumbnailAddress, triggeredAddress } from '../http/media-addresses.ts';
import { type MeasuringHost, startEvaluation } from '../jobs/evaluation-job.ts';

const os = implement(modelsApi);

/** Pixels a side that a picture in a grid needs on a dense screen. */
const pictureSide = 192;

/**
 * Models and what was measured of them.
 * @param viewRuns runs as their list shows them
 */
export function createModelsRouter(app: MeasuringHost, viewRuns: (runs: readonly Run[]) => RunView[]) {
  const { workspace } = app;
  return os.router({
    list: os.list.handler(() => viewModels(workspace)),
    get: os.get.handler(({ input }) => viewStudied(findStudied(workspace, input.model), viewRuns)),
    evaluations: os.evaluations.handler(({ input }) => viewEvaluations(workspace, input.model)),
    attacks: os.attacks.handler(({ input }) => viewAttacksOn(workspace, input.model)),
    evaluate: os.evaluate.handler(({ input }) => {
      const plan = planMeasuring(workspace, input.model, input);
      const { name } = plan.model;
      return startEvaluation(app, { title: `Measure ${name}`, model: plan.model }, (engine, context) =>
        runEvaluation(workspace, engine, plan, context),
      );
    }),
    measureFurther: os.measureFurther.handler(({ input }) => {
      const { measure } = input;
      const planned = planFurtherMeasure(workspace, input.evaluationId, measure);
      const { model } = planned.plan;
      const title = `${furtherMeasureOf(measure).label} of ${model.name}`;
      return startEvaluation(app, { title, model }, (engine, context) =>
        measureFurther(workspace, engine, planned, measure, context),
      );
    }),
    confusion: os.confusion.handler(({ input }) => readConfusion(workspace, input.evaluationId)),
    predictions: os.predictions.handler(({ input }) => {
      const { total, variantId, part, rows } = viewPredictions(workspace, input);
      return { total, rows: rows.map((row) => addPictures(row, variantId, part)) };
    }),
    rescore: os.rescore.handler(({ input }) => {
      const plan = planRescoring(workspace, input.evaluationId, input.prompts);
      const { name } = plan.model;
      return startEvaluation(
        app,
        { title: `Score ${name} with other prompts`, model: plan.model },
        (engine, context) => runRescoring(workspace, engine, plan, context),
      );
    }),
  });
}

function addPictures(
  { sha256, ...row }: PredictedPicture,
  variantId: string | null,
  part: number,
): PredictionRow {
  return {
    ...row,
    cleanPicture: thumbnailAddress({ id: row.recordId, sha256 }, pictureSide),
    triggeredPicture:
      variantId === null ? null : triggeredAddress(variantId, row.recordId, pictureSide, part),
  };
}
