import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '#contract/dataset.ts';
import type { Model } from '#contract/run.ts';
import { type Scan, type ScanSettings, scanFiles } from '#contract/scan.ts';
import { createRandom } from '#core/random/random.ts';
import { whenWritable } from '#db/busy.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { findModel } from '#db/models/models.ts';
import { createScanId, findScan, insertScan } from '#db/scans/scans.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import type { Engine } from '../engine/engine-client.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import { toEngineRecord } from '../engine/engine-records.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import { lastDatasetOf } from '../models/ancestry.ts';
import { measuredFolder, wholeModelFolder } from '../models/model-folder.ts';
import { readProgram } from '../program.ts';
import { makeTemporaryFolder, type Workspace } from '../workspace.ts';

export interface ScanRequest {
  /** Name or id of a model or of its run. */
  model: string;
  /** Whose pictures, which need not be the model's; null takes those of the model's run. */
  dataset: string | null;
  settings: ScanSettings;
}

export interface ScanPlan {
  model: Model;
  dataset: Dataset;
  settings: ScanSettings;
}

/**
 * Looks for a backdoor in a model without data of its attack, and keeps what was found.
 * @throws WorkbenchError `not-found`; `bad-input` for too few pictures; `busy`, `cancelled`, `engine-ended`
 */
export async function scan(workspace: Workspace, request: ScanRequest, context: JobContext): Promise<Scan> {
  const plan = planScan(workspace, request);
  return withEngine(workspace, context, (engine) => runScan(workspace, engine, plan, context));
}

/** Resolves the names of a request. @throws WorkbenchError `not-found` */
export function planScan(workspace: Workspace, { model, dataset, settings }: ScanRequest): ScanPlan {
  const { db } = workspace;
  const found = findModel(db, model);
  return { model: found, dataset: findDataset(db, dataset ?? lastDatasetOf(workspace, found)), settings };
}

/** Runs and stores a planned scan; for callers that hold the queue and an engine. */
export async function runScan(
  workspace: Workspace,
  engine: Engine,
  { model, dataset, settings }: ScanPlan,
  context: JobContext,
): Promise<Scan> {
  const begun = performance.now();
  const id = createScanId();
  const folder = makeTemporaryFolder(workspace, 'scan');
  try {
    const recordsFile = join(folder, 'records.jsonl');
    await writeRecordsFile(recordsFile, drawPictures(workspace, dataset, settings));
    const result = await runToEnd<'scan'>(
      engine,
      {
        kind: 'scan',
        model: await wholeModelFolder(workspace, model.id),
        recordsFile,
        classes: dataset.classes,
        prompts: dataset.prompts,
        settings,
        outputFolder: scanFolder(workspace, model, id),
      },
      context,
      'no scan was stored.',
    );
    const { name, version } = readProgram();
    return await whenWritable(workspace.db, () =>
      insertScan(workspace.db, {
        id,
        modelId: model.id,
        datasetId: dataset.id,
        settings,
        result,
        environment: { ...engine.environment, program: `${name} ${version}` },
        seconds: (performance.now() - begun) / 1000,
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where a scan's files lie. */
export function scanFolder(workspace: Workspace, model: Model, scanId: string): string {
  return join(measuredFolder(workspace, model), 'scans', scanId);
}

/** A file that a scan left; the folder of one that found nothing is empty. @throws WorkbenchError `not-found` */
export function scanFilePath(workspace: Workspace, scanId: string, file: keyof typeof scanFiles): string {
  const { modelId } = findScan(workspace.db, scanId);
  return join(scanFolder(workspace, findModel(workspace.db, modelId), scanId), scanFiles[file]);
}

/** Clean pictures of any split, each as likely as another (reservoir sampling). */
function drawPictures({ db }: Workspace, dataset: Dataset, { pictures, seed }: ScanSettings) {
  const random = createRandom('pictures for a scan', seed);
  const kept: ReturnType<typeof toEngineRecord>[] = [];
  let seen = 0;
  for (const record of iterateRecords(db, dataset.id)) {
    seen += 1;
    const place = kept.length < pictures ? kept.length : random.integer(seen);
    if (place < pictures) kept[place] = toEngineRecord(dataset, record);
  }
  return kept;
}
