import { basename } from 'node:path';
import { implement } from '@orpc/server';
import { modelsApi, type PredictionRow } from '#contract/api/models.ts';
import type { RunView } from '#contract/api/runs.ts';
import { furtherMeasureOf } from '#contract/further-measures.ts';
import type { ImportMeasurement } from '#contract/model-files.ts';
import type { Run } from '#contract/run.ts';
import { planMeasuring } from '#main/workbench/comparisons/comparisons.ts';
import { describeDataset } from '#main/workbench/datasets/datasets.ts';
import { toAbsolutePath } from '#main/workbench/datasets/import-preview.ts';
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
import { describeModelCard } from '#main/workbench/models/model-card.ts';
import {
  deleteModelFile,
  inspectBesideQueue,
  refuseTakenPlaces,
  renameModelFile,
  runExport,
  runImport,
  runInspection,
  runsFromModel,
} from '#main/workbench/models/model-files.ts';
import { findModel, findStudied, studiedIdOf, viewStudied } from '#main/workbench/models/studied-models.ts';
import { refuseName } from '#main/workbench/names.ts';
import type { App } from '../app.ts';
import { thumbnailAddress, triggeredAddress } from '../http/media-addresses.ts';
import { type MeasuringHost, startEvaluation } from '../jobs/evaluation-job.ts';

const os = implement(modelsApi);

/** Pixels a side that a picture in a grid needs on a dense screen. */
const pictureSide = 192;

/**
 * Models and what was measured of them.
 * @param viewRuns runs as their list shows them
 */
export function createModelsRouter(
  app: MeasuringHost & Pick<App, 'events' | 'launchEngine'>,
  viewRuns: (runs: readonly Run[]) => RunView[],
) {
  const { workspace, jobs, events } = app;
  return os.router({
    list: os.list.handler(() => viewModels(workspace)),
    inspectFile: os.inspectFile.handler(({ input }) =>
      inspectBesideQueue(workspace, withAbsolutePath(input), app.launchEngine),
    ),
    measureFile: os.measureFile.handler(({ input }) => {
      const choice = withAbsolutePath(input);
      const { id } = describeDataset(workspace, input.measure).dataset;
      const jobId = jobs.startOnEngine(
        { kind: 'evaluation', title: `Measure ${basename(choice.path)} with both activations`, topics: [] },
        async (engine, context) => {
          const { measurement } = await runInspection(workspace, engine, choice, context);
          return {
            kind: 'dataset',
            id,
            ...(measurement === null ? {} : { note: comparisonOf(measurement) }),
          };
        },
      );
      return { jobId };
    }),
    importFile: os.importFile.handler(({ input: { name, ...rest } }) => {
      const choice = withAbsolutePath(rest);
      refuseName(workspace, 'model', name);
      const jobId = jobs.startOnEngine(
        { kind: 'import', title: `Import ${name}`, topics: ['runs', 'evaluations'] },
        async (engine, context) => {
          const { model, measurement } = await runImport(workspace, engine, { name, choice }, context);
          const note = measurement === null ? null : noteOf(measurement);
          return { kind: 'model', id: model.id, ...(note === null ? {} : { note }) };
        },
      );
      return { jobId };
    }),
    export: os.export.handler(({ input: { model: nameOrId, format, out } }) => {
      const model = findModel(workspace, nameOrId);
      const request = { format, out: toAbsolutePath(out) };
      refuseTakenPlaces(request);
      const jobId = jobs.startOnEngine(
        { kind: 'export', title: `Export ${model.name}`, topics: [] },
        async (engine, context) => {
          const { files } = await runExport(workspace, engine, model.id, request, context);
          return { kind: 'model', id: studiedIdOf(model), note: `Wrote ${files.join(', ')}.` };
        },
      );
      return { jobId };
    }),
    card: os.card.handler(({ input }) => ({
      text: describeModelCard(workspace, findModel(workspace, input.model).id, []),
    })),
    users: os.users.handler(({ input }) => ({ runs: runsFromModel(workspace, input.model) })),
    rename: os.rename.handler(({ input }) => {
      const { name } = renameModelFile(workspace, input.model, input.name);
      events.changed('runs', 'evaluations');
      return { name };
    }),
    remove: os.remove.handler(async ({ input }) => {
      const { name } = await deleteModelFile(workspace, input.model);
      events.changed('runs', 'evaluations');
      return { name };
    }),
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

const withAbsolutePath = <T extends { path: string }>(choice: T): T => ({
  ...choice,
  path: toAbsolutePath(choice.path),
});

/** What a job says of a measured import. */
const noteOf = (measurement: ImportMeasurement): string => measurement.warning ?? figuresOf(measurement);

function figuresOf({ byActivation, pictures, dataset }: ImportMeasurement): string {
  const figures = byActivation.map(
    ({ activation, ca }) => `${(100 * ca.value).toFixed(1)} % with ${activation}`,
  );
  return `CA on ${pictures} pictures of ${dataset}: ${figures.join(', ')}.`;
}

function comparisonOf(measurement: ImportMeasurement): string {
  const { proposed, warning } = measurement;
  const better = proposed === null ? 'Both reach the same.' : `${proposed} is the better one.`;
  return [figuresOf(measurement), better, ...(warning === null ? [] : [warning])].join(' ');
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
