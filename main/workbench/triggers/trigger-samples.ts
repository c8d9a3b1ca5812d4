import { recordQuerySchema } from '#contract/api/datasets.ts';
import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { createRandom } from '#core/random/random.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import { readFacts } from '#main/data/decoding/read-apart.ts';
import type { RecordBrowser } from '../datasets/browsing/record-browser.ts';
import { pictureSource } from '../engine/engine-records.ts';
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

/** A record with the size of its picture. */
export type SampleRecord = DatasetRecord & { width: number; height: number };

/** @throws WorkbenchError `not-found` for the dataset or a record of it */
export async function chooseSamples(
  { db }: Workspace,
  browser: RecordBrowser,
  request: SampleRequest,
): Promise<SampleRecord[]> {
  const dataset = findDataset(db, request.dataset);
  const { id } = dataset;
  if (request.recordIds !== undefined) return withSizes(dataset, readInOrder(db, id, request.recordIds));
  const ids = await browser.ids(recordQuerySchema.parse({ dataset: id, labels: request.labels }));
  const random = createRandom('trigger samples', request.seed);
  const places = new Set<number>();
  const wanted = Math.min(request.count, ids.length);
  while (places.size < wanted) places.add(random.integer(ids.length));
  const chosen = [...places].flatMap((place) => ids[place] ?? []);
  return withSizes(dataset, readInOrder(db, id, chosen));
}

/** Sizes of pictures that nobody has looked at are read now; one that cannot be read is no sample. */
async function withSizes(dataset: Dataset, records: readonly DatasetRecord[]): Promise<SampleRecord[]> {
  const sized = records.map(async (record) => {
    if (record.width !== null && record.height !== null) {
      return [{ ...record, width: record.width, height: record.height }];
    }
    try {
      const { width, height } = await readFacts(pictureSource(dataset, record));
      return [{ ...record, width, height }];
    } catch (error) {
      if (error instanceof WorkbenchError && error.kind !== 'internal') return [];
      throw error;
    }
  });
  return (await Promise.all(sized)).flat();
}

function readInOrder(db: Workspace['db'], datasetId: string, ids: readonly number[]): DatasetRecord[] {
  const found = new Map(readRecords(db, ids).map((record) => [record.id, record]));
  return ids.map((id) => {
    const record = found.get(id);
    if (record?.datasetId === datasetId) return record;
    throw new WorkbenchError('not-found', `The dataset has no record ${id}.`, { recordId: id });
  });
}
