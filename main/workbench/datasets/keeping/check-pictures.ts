import { WorkbenchError } from '#contract/errors.ts';
import type { PictureSource } from '#contract/picture-source.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { type FoundPicture, storeStates } from '#db/datasets/record-states.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { holdsPicture } from '#main/data/decoding/read-apart.ts';
import { mapInOrder, pictureConcurrency } from '#main/data/map-in-order.ts';
import { pictureSource } from '../../engine/engine-records.ts';
import { stopIfAsked } from '../../engine/interrupts.ts';
import type { JobContext } from '../../engine/job-context.ts';
import type { Workspace } from '../../workspace.ts';

export interface CheckOutcome {
  /** Records looked at. */
  checked: number;
  /** Their picture is not there. */
  missing: number;
  /** Their picture's pixels are not those of the import, or it can no longer be decoded. */
  changed: number;
  /** The first of both, at most a thousand. */
  found: { key: string; state: FoundPicture }[];
}

const shownFound = 1000;

/**
 * Looks at every picture of a dataset and keeps which are missing or changed since the import; a check that is
 * stopped changes nothing.
 * @throws WorkbenchError `not-found` for the dataset; `cancelled`
 */
export async function checkPictures(
  { db }: Workspace,
  nameOrId: string,
  { interrupt, reporter }: JobContext,
): Promise<CheckOutcome> {
  const dataset = findDataset(db, nameOrId);
  const found: { recordId: number; key: string; state: FoundPicture }[] = [];
  let checked = 0;
  const states = mapInOrder(iterateRecords(db, dataset.id), pictureConcurrency, async (record) => {
    stopIfAsked(interrupt, 'What the last check found stands.');
    return {
      recordId: record.id,
      key: record.key,
      state: await lookAt(pictureSource(dataset, record), record.sha256),
    };
  });
  for await (const { recordId, key, state } of states) {
    if (state !== null) found.push({ recordId, key, state });
    checked += 1;
    reporter.progress('looking at pictures', checked, dataset.records);
  }
  storeStates(db, dataset.id, found);
  const missing = found.filter(({ state }) => state === 'missing').length;
  return {
    checked,
    missing,
    changed: found.length - missing,
    found: found.slice(0, shownFound).map(({ key, state }) => ({ key, state })),
  };
}

/** null: as it was imported. */
async function lookAt(source: PictureSource, sha256: string): Promise<FoundPicture | null> {
  try {
    return (await holdsPicture(source, sha256)) ? null : 'changed';
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return error.kind === 'not-found' ? 'missing' : 'changed';
  }
}
