import { type Dataset, type DatasetRecord, type NewRecord, pictureKeyOf } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ImportNote } from '#contract/import.ts';
import { refreshRecords } from '#db/datasets/dataset-changes.ts';
import { findDataset, listDatasetUsers, locateDataset } from '#db/datasets/datasets.ts';
import type { FoundState } from '#db/datasets/record-states.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { holdsPicture } from '#main/data/decoding/read-apart.ts';
import { checkPairs } from '#main/data/importing/check-pairs.ts';
import { createTally, type SkippedTally } from '#main/data/importing/skipped-tally.ts';
import { pictureSource } from '../../engine/engine-records.ts';
import { stopIfAsked } from '../../engine/interrupts.ts';
import type { JobContext } from '../../engine/job-context.ts';
import type { Workspace } from '../../workspace.ts';
import { findDuplicates } from '../duplicates/find-duplicates.ts';
import { chooseReading } from '../importing/choose-reading.ts';
import { requestToRefresh } from '../importing/import-requests.ts';
import { refuseUnchecked } from '../looked-at.ts';

export interface RefreshOutcome {
  dataset: Dataset;
  /** New pairs. */
  added: number;
  /** New pairs that were left out, since something uses the dataset. */
  notAdded: number;
  /** Pairs that the source lists no longer, whose pictures are there. */
  gone: number;
  missing: number;
  /** Their picture is another one. */
  changed: number;
  skipped: SkippedTally;
  notes: ImportNote[];
}

/**
 * Reads a dataset's source again as it was read before: what is new is added, and what is gone, missing or another picture
 * is marked; what was there keeps its place, its tags and its class. Nothing is added to a dataset that variants, runs or
 * evaluations use, since their numbers are of its pairs.
 * @throws WorkbenchError `not-found` for the dataset or its source; `conflict` where nobody has looked at its pictures; `bad-input` where there is nothing to read again;
 *   `cancelled`, which changes nothing
 */
export async function refreshDataset(
  { db }: Workspace,
  nameOrId: string,
  { interrupt, reporter }: JobContext,
): Promise<RefreshOutcome> {
  const dataset = findDataset(db, nameOrId);
  refuseUnchecked(dataset, 'it is not known which have changed');
  const { reading } = await chooseReading(requestToRefresh(db, dataset), false);
  const before = new Map<string, DatasetRecord>();
  for (const record of iterateRecords(db, dataset.id)) before.set(pairOf(record), record);
  const seen = new Set<number>();
  const states: { recordId: number; state: FoundState }[] = [];
  const fresh: NewRecord[] = [];
  const skipped = createTally();
  const notes: ImportNote[] = [];
  let moved = 0;
  const items = checkPairs(reading, {
    signal: interrupt.gentle,
    onProgress: ({ done, total, unit }) => reporter.progress(`reading ${unit}`, done, total),
  });
  for await (const item of items) {
    if (item.kind === 'note') notes.push(item.note);
    else if (item.kind === 'skipped') skipped.add(item.skipped);
    else {
      const { record } = item;
      const known = before.get(pairOf(record));
      // A row that stands twice in the source was imported twice.
      if (known === undefined) {
        fresh.push(record);
        continue;
      }
      seen.add(known.id);
      if (known.label !== record.label || known.split !== record.split) moved += 1;
      if (!(await isAsBefore(dataset, known, record))) states.push({ recordId: known.id, state: 'changed' });
    }
  }
  stopIfAsked(interrupt, 'The dataset is as it was.');
  for (const known of before.values()) {
    if (!seen.has(known.id)) states.push({ recordId: known.id, state: await stateOfUnseen(dataset, known) });
  }
  if (moved > 0) {
    notes.push({
      kind: 'placed-otherwise',
      message: `${moved} pairs have another class or split in the source now: they keep theirs. Import it under another name to have the new ones.`,
      count: moved,
    });
  }
  const users = listDatasetUsers(db, dataset.id);
  const isUsed = users.variants.length + users.runs.length + users.evaluations > 0;
  const added = isUsed ? [] : fresh;
  const refreshed = refreshRecords(db, dataset.id, { added, states, skipped });
  if (added.length > 0) await findDuplicates(db, locateDataset(db, dataset.id).number, interrupt.gentle);
  const count = (state: FoundState) => states.filter((one) => one.state === state).length;
  return {
    dataset: refreshed,
    added: added.length,
    notAdded: fresh.length - added.length,
    gone: count('gone'),
    missing: count('missing'),
    changed: count('changed'),
    skipped,
    notes,
  };
}

const pairOf = (record: Pick<NewRecord, 'key' | 'picture' | 'caption'>): string =>
  `${pictureKeyOf(record)}\n${record.caption}`;

/** Datasets of before decisions/0060 know JPEGs by their pixels: a look at those settles it. */
async function isAsBefore(dataset: Dataset, known: DatasetRecord, record: NewRecord): Promise<boolean> {
  return record.sha256 === known.sha256 || (await holdsPicture(pictureSource(dataset, record), known.sha256));
}

/** Of a pair that the source did not give. */
async function stateOfUnseen(dataset: Dataset, known: DatasetRecord): Promise<FoundState> {
  try {
    return (await holdsPicture(pictureSource(dataset, known), known.sha256)) ? 'gone' : 'changed';
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return error.kind === 'not-found' ? 'missing' : 'changed';
  }
}
