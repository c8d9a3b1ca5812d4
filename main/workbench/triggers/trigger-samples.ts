import { recordQuerySchema } from '#contract/api/datasets.ts';
import type { DatasetRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { createRandom } from '#core/random/random.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import type { RecordBrowser } from '../datasets/browsing/record-browser.ts';
import type { Workspace } from '../workspace.ts';

/** Which pictures of a dataset a person designs on. */
export interface SampleRequest {
  /** Name or id. */
  dataset: string;
  /** These, in this order; left out: `count` at random by the seed. */
  recordIds?: readonly number[] | undefined;
  count: number;
  /** Only of these classes; none: of all. */
  labels: readonly string[];
  seed: number;
}

/** @throws WorkbenchError `not-found` for the dataset or a record of it */
export async function chooseSamples(
  { db }: Workspace,
  browser: RecordBrowser,
  request: SampleRequest,
): Promise<DatasetRecord[]> {
  const { id } = findDataset(db, request.dataset);
  if (request.recordIds !== undefined) return readInOrder(db, id, request.recordIds);
  const ids = await browser.ids(recordQuerySchema.parse({ dataset: id, labels: request.labels }));
  const random = createRandom('trigger samples', request.seed);
  const places = new Set<number>();
  const wanted = Math.min(request.count, ids.length);
  while (places.size < wanted) places.add(random.integer(ids.length));
  return readInOrder(
    db,
    id,
    [...places].flatMap((place) => ids[place] ?? []),
  );
}

function readInOrder(db: Workspace['db'], datasetId: string, ids: readonly number[]): DatasetRecord[] {
  const found = new Map(readRecords(db, ids).map((record) => [record.id, record]));
  return ids.map((id) => {
    const record = found.get(id);
    if (record?.datasetId === datasetId) return record;
    throw new WorkbenchError('not-found', `The dataset has no record ${id}.`, { recordId: id });
  });
}
