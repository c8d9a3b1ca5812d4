import type { ScanView } from '#contract/api/detections.ts';
import type { Scan } from '#contract/scan.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { findModel } from '#db/models/models.ts';
import { findScan, listScans } from '#db/scans/scans.ts';
import { studiedIdOf } from '../models/studied-models.ts';
import type { Workspace } from '../workspace.ts';

/** A scan with the names of what it belongs to; the host knows where its files are. */
export type NamedScan = Omit<ScanView, 'mask' | 'trigger' | 'feature'>;

function viewScan({ db }: Workspace, { modelId, datasetId, ...scan }: Scan): NamedScan {
  const model = findModel(db, modelId);
  const dataset = findDataset(db, datasetId);
  return {
    ...scan,
    model: { id: studiedIdOf(model), name: model.name },
    dataset: { id: dataset.id, name: dataset.name },
  };
}

/** The scan of this id. @throws WorkbenchError `not-found` */
export const findScanView = (workspace: Workspace, id: string): NamedScan =>
  viewScan(workspace, findScan(workspace.db, id));

/** All scans, newest first. */
export function viewScans(workspace: Workspace): NamedScan[] {
  return listScans(workspace.db).map((scan) => viewScan(workspace, scan));
}
