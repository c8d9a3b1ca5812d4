import { implement } from '@orpc/server';
import { comparisonApi } from '#contract/api/comparison.ts';
import type { RunView } from '#contract/api/runs.ts';
import type { Run } from '#contract/run.ts';
import { exportComparison } from '#main/workbench/comparisons/comparison-export.ts';
import { viewChanges, viewComparison, viewOwnChanges } from '#main/workbench/comparisons/comparison-view.ts';
import { measureMissing, planMissing } from '#main/workbench/comparisons/comparisons.ts';
import { findAllStudied, findStudied, idOf, studiedIdOf } from '#main/workbench/models/studied-models.ts';
import type { MeasuringHost } from '../jobs/evaluation-job.ts';

const os = implement(comparisonApi);

/**
 * Models side by side.
 * @param viewRuns runs as their list shows them
 */
export function createComparisonRouter(
  { workspace, jobs }: MeasuringHost,
  viewRuns: (runs: readonly Run[]) => RunView[],
) {
  return os.router({
    get: os.get.handler(({ input }) => viewComparison(workspace, input.runs, viewRuns)),
    changes: os.changes.handler(({ input }) =>
      input.baseline === null
        ? viewOwnChanges(workspace, viewComparison(workspace, input.runs, viewRuns))
        : viewChanges(workspace, input.runs, input.baseline),
    ),
    measureMissing: os.measureMissing.handler(({ input }) => {
      const plans = planMissing(workspace, findAllStudied(workspace, input.runs));
      const [first] = plans;
      if (first === undefined) return { jobId: null };
      const title = plans.length === 1 ? `Measure ${first.model.name}` : `Measure ${plans.length} models`;
      const jobId = jobs.startOnEngine(
        {
          kind: 'evaluation',
          title,
          measures: plans.map(({ model }) => studiedIdOf(model)),
          topics: ['evaluations', 'runs'],
        },
        async (engine, context) => {
          await measureMissing(workspace, engine, plans, context);
          return null;
        },
      );
      return { jobId };
    }),
    export: os.export.handler(({ input }) => {
      const view = viewComparison(workspace, input.runs, viewRuns);
      const baseline = input.baseline === null ? null : idOf(findStudied(workspace, input.baseline));
      const changes =
        baseline === null ? viewOwnChanges(workspace, view) : viewChanges(workspace, input.runs, baseline);
      return exportComparison(view, { baseline, changes }, input.format);
    }),
  });
}
