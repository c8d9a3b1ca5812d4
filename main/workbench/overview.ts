import type { WorkspaceInfo } from '#contract/api/workspace.ts';
import { listDatasets } from '#db/datasets/datasets.ts';
import { countRunsAndModels } from '#db/runs/run-pages.ts';
import { listVariantSummaries } from '#db/variants/variants.ts';
import type { Workspace } from './workspace.ts';

/** How much of each kind the workspace holds. */
export function countAll({ db }: Workspace): WorkspaceInfo['totals'] {
  const datasets = listDatasets(db);
  return {
    datasets: datasets.length,
    records: datasets.reduce((sum, { records }) => sum + records, 0),
    variants: listVariantSummaries(db).length,
    ...countRunsAndModels(db),
  };
}
