import { createRunViewer } from '#main/workbench/runs/run-views.ts';
import { createRunRows } from '#main/workbench/runs/table/run-rows.ts';
import type { App } from './app.ts';
import { createComparisonRouter } from './routers/comparison.ts';
import { createDatasetsRouter } from './routers/datasets.ts';
import { createDetectionsRouter, createScansRouter } from './routers/detections.ts';
import { createModelsRouter } from './routers/models.ts';
import { createReportsRouter } from './routers/reports.ts';
import { createRunsRouter } from './routers/runs.ts';
import { createSweepsRouter } from './routers/sweeps.ts';
import { createTriggersRouter } from './routers/triggers.ts';
import { createVariantsRouter } from './routers/variants.ts';
import { createWorkspaceRouter } from './routers/workspace.ts';

/** Everything of contract/api/api.ts over one workspace. */
export function createRouter(app: App) {
  const viewer = createRunViewer(app.workspace);
  // One for all: after a write every row is made anew.
  const rows = createRunRows(app.workspace);
  return {
    workspace: createWorkspaceRouter(app),
    datasets: createDatasetsRouter(app),
    triggers: createTriggersRouter(app),
    variants: createVariantsRouter(app),
    runs: createRunsRouter(app, viewer, rows),
    models: createModelsRouter(app, viewer.viewAll),
    sweeps: createSweepsRouter(app, rows),
    reports: createReportsRouter(app),
    comparison: createComparisonRouter(app, viewer.viewAll),
    detections: createDetectionsRouter(app),
    scans: createScansRouter(app),
  };
}
