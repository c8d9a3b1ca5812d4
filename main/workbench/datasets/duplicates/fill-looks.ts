import { WorkbenchError } from '#contract/errors.ts';
import { lookOf } from '#core/pixels/look.ts';
import { findDataset, locateDataset } from '#db/datasets/datasets.ts';
import { iteratePictures, storeLooks } from '#db/datasets/duplicates.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import { mapInOrder, pictureConcurrency } from '#main/data/map-in-order.ts';
import { readPicture } from '#main/data/sources/read-picture.ts';
import { pictureSource } from '../../engine/engine-records.ts';
import type { JobContext } from '../../engine/job-context.ts';
import type { Workspace } from '../../workspace.ts';

const looksAtOnce = 500;

/**
 * Works out what pictures look like whose look is not known: those of datasets that were imported before it was, or
 * derived. A picture that cannot be read is passed over.
 * @throws WorkbenchError `not-found` for the dataset; `cancelled`, which keeps what was worked out
 */
export async function fillLooks(
  { db }: Workspace,
  nameOrId: string,
  { interrupt, reporter }: JobContext,
): Promise<void> {
  const dataset = findDataset(db, nameOrId);
  const missing: number[] = [];
  for (const { record, look } of iteratePictures(db, locateDataset(db, dataset.id).number)) {
    if (look === null) missing.push(record);
  }
  let found = new Map<number, Uint8Array>();
  let done = 0;
  const looks = mapInOrder(missing, pictureConcurrency, async (recordId) => {
    if (interrupt.gentle.aborted) throw new WorkbenchError('cancelled', 'The search was stopped.');
    const [record] = readRecords(db, [recordId]);
    if (record === undefined) return null;
    try {
      return { recordId, look: lookOf(await readPicture(pictureSource(dataset, record))) };
    } catch (error) {
      if (error instanceof WorkbenchError) return null;
      throw error;
    }
  });
  try {
    for await (const one of looks) {
      if (one !== null) found.set(one.recordId, one.look);
      done += 1;
      reporter.progress('looking at pictures', done, missing.length);
      if (found.size < looksAtOnce) continue;
      storeLooks(db, found);
      found = new Map();
    }
  } finally {
    storeLooks(db, found);
  }
}
