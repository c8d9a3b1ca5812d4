import { WorkbenchError } from '#contract/errors.ts';
import { findDataset, locateDataset } from '#db/datasets/datasets.ts';
import { iteratePictures, storeLooks } from '#db/datasets/duplicates.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import { lookedAtOnce, openPictureLookers } from '#main/data/importing/picture-lookers.ts';
import { mapInOrder } from '#main/data/map-in-order.ts';
import { pictureSource } from '../../engine/engine-records.ts';
import { stopIfAsked } from '../../engine/interrupts.ts';
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
  const lookers = openPictureLookers();
  const looks = mapInOrder(missing, lookedAtOnce, async (recordId) => {
    stopIfAsked(interrupt, 'What was worked out stays.');
    const [record] = readRecords(db, [recordId]);
    if (record === undefined) return null;
    try {
      const { look } = await lookers.look(pictureSource(dataset, record));
      return { recordId, look };
    } catch (error) {
      if (error instanceof WorkbenchError && error.kind !== 'internal') return null;
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
    await lookers.close();
    storeLooks(db, found);
  }
}
