import { createRunViewer } from '#main/workbench/run-views.ts';
import type { App } from './app.ts';
import { createComparisonRouter } from './comparison.ts';
import { createDatasetsRouter } from './datasets.ts';
import { createModelsRouter } from './models.ts';
import { createRunsRouter } from './runs.ts';
import { createTriggersRouter } from './triggers.ts';
import { createVariantsRouter } from './variants.ts';
import { createWorkspaceRouter } from './workspace.ts';

/** Everything of contract/api/api.ts over one workspace. */
export function createRouter(app: App) {
  const viewer = createRunViewer(app.workspace);
  return {
    workspace: createWorkspaceRouter(app),
    datasets: createDatasetsRouter(app),
    triggers: createTriggersRouter(app),
    variants: createVariantsRouter(app),
    runs: createRunsRouter(app, viewer),
    models: createModelsRouter(app),
    comparison: createComparisonRouter(app, viewer.viewAll),
  };
}
