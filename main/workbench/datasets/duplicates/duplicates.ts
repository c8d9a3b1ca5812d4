import type { Dataset, Split } from '#contract/dataset.ts';
import { pictureKeyOf } from '#contract/dataset.ts';
import type { DuplicateAction, DuplicateCounts, DuplicateGroup } from '#contract/duplicates.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { groupBy } from '#core/group-by.ts';
import { findDataset, locateDataset } from '#db/datasets/datasets.ts';
import {
  countDuplicates,
  duplicatesSoughtAt,
  listDuplicatePictures,
  listDuplicates,
} from '#db/datasets/duplicates.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import type { JobContext } from '../../engine/job-context.ts';
import type { Workspace } from '../../workspace.ts';
import { deriveDataset } from '../derive-dataset.ts';
import { refuseUnchecked } from '../looked-at.ts';
import { fillLooks } from './fill-looks.ts';
import { findDuplicates } from './find-duplicates.ts';

export interface Duplicates {
  datasetId: string;
  counts: DuplicateCounts;
  groups: DuplicateGroup[];
  /** When they were sought; null: not yet. */
  soughtAt: string | null;
}

/** A page of a dataset's duplicates, leaks first. @throws WorkbenchError `not-found` */
export function viewDuplicates(
  { db }: Workspace,
  nameOrId: string,
  page: { offset: number; limit: number },
): Duplicates {
  const { id, number } = locateDataset(db, nameOrId);
  return {
    datasetId: id,
    counts: countDuplicates(db, number),
    groups: listDuplicates(db, number, page),
    soughtAt: duplicatesSoughtAt(db, number),
  };
}

/** Seeks a dataset's duplicates anew. @throws WorkbenchError `not-found`; `conflict` for an unchecked one; `cancelled` */
export async function seekDuplicates(
  workspace: Workspace,
  nameOrId: string,
  context: JobContext,
): Promise<void> {
  refuseUnchecked(findDataset(workspace.db, nameOrId), 'its duplicates cannot be sought');
  await fillLooks(workspace, nameOrId, context);
  const { number } = locateDataset(workspace.db, nameOrId);
  await findDuplicates(workspace.db, number, context.interrupt.gentle);
}

/**
 * Makes a dataset without a dataset's duplicates, or with each group of them in one split; the dataset stays as it is.
 * @throws WorkbenchError `not-found`; `bad-input` where there are none; `conflict` where the name is taken
 */
export async function resolveDuplicates(
  workspace: Workspace,
  { dataset: nameOrId, action, name }: { dataset: string; action: DuplicateAction; name: string },
): Promise<Dataset> {
  const { db } = workspace;
  const { number, id, name: known } = locateDataset(db, nameOrId);
  const groups = groupBy(listDuplicatePictures(db, number), (picture) => picture.number);
  if (groups.size === 0) {
    throw new WorkbenchError(
      'bad-input',
      `No duplicates are known of '${known}': there is nothing to change.`,
    );
  }
  const outcomes = new Map<string, Split | 'out'>();
  for (const pictures of groups.values()) {
    const decide = action === 'leave-out' ? leaveOut : keepTogether;
    for (const [place, outcome] of decide(pictures.map(({ split }) => split)).entries()) {
      const { picture, split } = pictures[place]!;
      if (outcome !== split) outcomes.set(`${split} ${picture}`, outcome);
    }
  }
  const out = new Set<number>();
  const splits = new Map<number, Split>();
  for (const record of iterateRecords(db, id)) {
    const outcome = outcomes.get(`${record.split} ${pictureKeyOf(record)}`);
    if (outcome === 'out') out.add(record.id);
    else if (outcome !== undefined) splits.set(record.id, outcome);
  }
  return deriveDataset(workspace, { dataset: id, mode: 'without', name }, out, { splits });
}

const order: readonly Split[] = ['test', 'validation', 'train'];

/** One stays: the first of test, else of validation, else of train. */
function leaveOut(splits: readonly Split[]): (Split | 'out')[] {
  const wanted = order.find((split) => splits.includes(split));
  const kept = wanted === undefined ? -1 : splits.indexOf(wanted);
  return splits.map((split, place) => (place === kept ? split : 'out'));
}

/** All get the split that most have; of equally many train, then validation. */
function keepTogether(splits: readonly Split[]): Split[] {
  const count = (split: Split) => splits.filter((one) => one === split).length;
  const wanted = order.toReversed().reduce((best, split) => (count(split) > count(best) ? split : best));
  return splits.map(() => wanted);
}
