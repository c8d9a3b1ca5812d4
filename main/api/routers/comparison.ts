import { implement } from '@orpc/server';
import { comparisonApi } from '#contract/api/comparison.ts';
import type { RunView } from '#contract/api/runs.ts';
import type { Run } from '#contract/run.ts';
import { exportComparison } from '#main/workbench/comparisons/comparison-export.ts';
import { findRuns, viewComparison } from '#main/workbench/comparisons/comparison-view.ts';
import { measureMissing, planMissing } from '#main/workbench/comparisons/comparisons.ts';
import { runIdOf } from '#main/workbench/models/ancestry.ts';
import type { MeasuringHost } from '../jobs/evaluation-job.ts';

const os = implement(comparisonApi);

/**
 * Runs side by side.
 * @param viewRuns runs as their list shows them
 */
export function createComparisonRouter(
  { workspace, jobs }: MeasuringHost,
  viewRuns: (runs: readonly Run[]) => RunView[],
) {
  return os.router({
    get: os.get.handler(({ input }) => viewComparison(workspace, input.runs, viewRuns)),
    measureMissing: os.measureMissing.handler(({ input }) => {
      const plans = planMissing(workspace, findRuns(workspace, input.runs));
      const [first] = plans;
      if (first === undefined) return { jobId: null };
      const title = plans.length === 1 ? `Measure ${first.model.name}` : `Measure ${plans.length} models`;
      const jobId = jobs.startOnEngine(
        {
          kind: 'evaluation',
          title,
          measures: plans.map(({ model }) => runIdOf(model) ?? model.id),
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
      const [baseline] = input.baseline === null ? [] : findRuns(workspace, [input.baseline]);
      return exportComparison(view, baseline?.id ?? null, input.format);
    }),
  });
}
