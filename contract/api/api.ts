import { comparisonApi } from './comparison.ts';
import { datasetsApi } from './datasets.ts';
import { detectionsApi, scansApi } from './detections.ts';
import { modelsApi } from './models.ts';
import { reportsApi } from './reports.ts';
import { runsApi } from './runs.ts';
import { sweepsApi } from './sweeps.ts';
import { triggersApi } from './triggers.ts';
import { variantsApi } from './variants.ts';
import { workspaceApi } from './workspace.ts';

/**
 * Everything a window can ask of the workbench, the same under Electron and in a browser. Errors arrive with the
 * kind, message and details of contract/errors.ts.
 */
export const api = {
  workspace: workspaceApi,
  datasets: datasetsApi,
  triggers: triggersApi,
  variants: variantsApi,
  runs: runsApi,
  models: modelsApi,
  comparison: comparisonApi,
  detections: detectionsApi,
  scans: scansApi,
  sweeps: sweepsApi,
  reports: reportsApi,
};
export type Api = typeof api;
