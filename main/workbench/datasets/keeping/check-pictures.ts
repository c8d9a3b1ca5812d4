import { WorkbenchError } from '#contract/errors.ts';
import { findDataset, locateDataset } from '#db/datasets/datasets.ts';
import { readNotes, storeNotes } from '#db/datasets/import-notes.ts';
import { storeChecked, storeFacts } from '#db/datasets/picture-facts.ts';
import { type FoundPicture, storeStates } from '#db/datasets/record-states.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import type { Database } from '#db/open.ts';
import { holdsPicture } from '#main/data/decoding/read-apart.ts';
import type { PictureFacts } from '#main/data/importing/look-at-jpeg.ts';
import { lookedAtOnce, openPictureLookers } from '#main/data/importing/picture-lookers.ts';
import { mapInOrder } from '#main/data/map-in-order.ts';
import { pictureSource } from '../../engine/engine-records.ts';
import { stopIfAsked } from '../../engine/interrupts.ts';
import type { JobContext } from '../../engine/job-context.ts';
import type { Workspace } from '../../workspace.ts';
import { duplicateNotes } from '../duplicates/duplicate-notes.ts';
import { findDuplicates } from '../duplicates/find-duplicates.ts';

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

/** Facts that are kept in one transaction. */
const factsAtOnce = 500;

/**
 * Looks at every picture of a dataset and keeps which are missing or changed since the import; a check that is
 * stopped changes nothing. Of a dataset that was imported without a look at them it keeps their facts as it finds them,
 * so that the next check goes on there, and seeks duplicates; what cannot be read counts as changed.
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
  const lookers = openPictureLookers();
  let facts = new Map<number, PictureFacts>();
  const states = mapInOrder(iterateRecords(db, dataset.id), lookedAtOnce, async (record) => {
    stopIfAsked(interrupt, 'What the last check found stands.');
    const { id: recordId, key, sha256 } = record;
    const source = pictureSource(dataset, record);
    const compare = async () => ((await holdsPicture(source, sha256)) ? null : ('changed' as const));
    const learn = async () => {
      facts.set(recordId, await lookers.look(source));
      return null;
    };
    return { recordId, key, state: await findState(sha256 === null ? learn : compare) };
  });
  try {
    for await (const { recordId, key, state } of states) {
      if (state !== null) found.push({ recordId, key, state });
      checked += 1;
      reporter.progress('looking at pictures', checked, dataset.records);
      if (facts.size < factsAtOnce) continue;
      storeFacts(db, facts);
      facts = new Map();
    }
  } finally {
    await lookers.close();
    storeFacts(db, facts);
  }
  storeStates(db, dataset.id, found);
  if (dataset.unchecked) await endUnchecked(db, locateDataset(db, dataset.id).number);
  const missing = found.filter(({ state }) => state === 'missing').length;
  return {
    checked,
    missing,
    changed: found.length - missing,
    found: found.slice(0, shownFound).map(({ key, state }) => ({ key, state })),
  };
}

/** The dataset is as if its import had looked at its pictures. */
async function endUnchecked(db: Database, dataset: number): Promise<void> {
  await findDuplicates(db, dataset);
  const notes = readNotes(db, dataset).filter(({ kind }) => kind !== 'not-looked-at');
  storeNotes(db, dataset, [...notes, ...duplicateNotes(db, dataset)]);
  storeChecked(db, dataset);
}

/** @param look null: the picture is as it is to be */
async function findState(look: () => Promise<FoundPicture | null>): Promise<FoundPicture | null> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return error.kind === 'not-found' ? 'missing' : 'changed';
  }
}
