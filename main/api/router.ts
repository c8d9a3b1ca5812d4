import { createRunViewer } from '#main/workbench/runs/run-views.ts';
import type { App } from './app.ts';
import { createComparisonRouter } from './routers/comparison.ts';
import { createDatasetsRouter } from './routers/datasets.ts';
import { createDetectionsRouter, createScansRouter } from './routers/detections.ts';
import { createModelsRouter } from './routers/models.ts';
import { createRunsRouter } from './routers/runs.ts';
import { createSweepsRouter } from './routers/sweeps.ts';
import { createTriggersRouter } from './routers/triggers.ts';
import { createVariantsRouter } from './routers/variants.ts';
import { createWorkspaceRouter } from './routers/workspace.ts';

/** Everything of contract/api/api.ts over one workspace. */
export function createRouter(app: App) {
  const viewer = createRunViewer(app.workspace);
  return {
    workspace: createWorkspaceRouter(app),
    datasets: createDatasetsRouter(app),
    triggers: createTriggersRouter(app),
    variants: createVariantsRouter(app),
    runs: createRunsRouter(app, viewer),
    models: createModelsRouter(app, viewer.viewAll),
    sweeps: createSweepsRouter(app),
    comparison: createComparisonRouter(app, viewer.viewAll),
    detections: createDetectionsRouter(app),
    scans: createScansRouter(app),
  };
}
