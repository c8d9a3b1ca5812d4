import type { Dataset, Split } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ImportNote } from '#contract/import.ts';
import { findPromptFault } from '#contract/prompts.ts';
import { deleteDataset } from '#db/datasets/dataset-removal.ts';
import {
  findDataset,
  listDatasets,
  listDatasetUsers,
  locateDataset,
  storePrompts,
} from '#db/datasets/datasets.ts';
import { readNotes } from '#db/datasets/import-notes.ts';
import { listMadeKeys } from '#db/datasets/made-pictures.ts';
import { splitCounts } from '#db/datasets/record-counts.ts';
import { checkedAt } from '#db/datasets/record-states.ts';
import { countSkipped, listSkippedRows } from '#db/datasets/skipped-rows.ts';
import type { Database } from '#db/open.ts';
import { emojiCompanions } from '#main/data/emoji/build-emoji-dataset.ts';
import { removeFiles } from '#main/data/files/remove-files.ts';
import type { Workspace } from '../workspace.ts';

/** All datasets, oldest first. */
export function showDatasets({ db }: Workspace): Dataset[] {
  return listDatasets(db);
}

export interface DatasetDescription {
  dataset: Dataset;
  splits: Record<Split, number>;
  /** Rows that the import left out. */
  skipped: number;
  /** What the import had to say. */
  notes: ImportNote[];
  /** When its pictures were last checked; null: never. */
  checkedAt: string | null;
}

/** @throws WorkbenchError `not-found` */
export function describeDataset({ db }: Workspace, nameOrId: string): DatasetDescription {
  return withSplits(db, findDataset(db, nameOrId));
}

/** All datasets, oldest first, each with its splits. */
export function describeDatasets({ db }: Workspace): DatasetDescription[] {
  return listDatasets(db).map((dataset) => withSplits(db, dataset));
}

/** What uses a dataset, so that it cannot be deleted. @throws WorkbenchError `not-found` */
export const usersOfDataset = ({ db }: Workspace, nameOrId: string) => listDatasetUsers(db, nameOrId);

/** Rows that its import left out. @throws WorkbenchError `not-found` */
export const skippedRowsOf = ({ db }: Workspace, nameOrId: string) =>
  listSkippedRows(db, locateDataset(db, nameOrId).number);

function withSplits(db: Database, dataset: Dataset): DatasetDescription {
  const splits = { train: 0, validation: 0, test: 0 };
  const { number } = locateDataset(db, dataset.id);
  for (const { value, count } of splitCounts(db, number)) {
    if (value !== null) splits[value] = count;
  }
  return {
    dataset,
    splits,
    skipped: countSkipped(db, number),
    notes: readNotes(db, number),
    checkedAt: checkedAt(db, number),
  };
}

/**
 * Changes what models are measured with on a dataset. What was measured with other prompts stays, as an experiment;
 * lists and comparisons go by these.
 * @throws WorkbenchError `not-found`; `bad-input` for prompts without a place for the class
 */
export function changePrompts({ db }: Workspace, nameOrId: string, prompts: readonly string[]): Dataset {
  const fault = findPromptFault(prompts);
  if (fault !== null) throw new WorkbenchError('bad-input', fault, { prompts: [...prompts] });
  const { id } = findDataset(db, nameOrId);
  storePrompts(db, id, prompts);
  return findDataset(db, id);
}

/**
 * Deletes a dataset. Pictures that the workbench wrote for it go with it, unless another dataset refers to their
 * folder; pictures that were imported stay where they are, and so does every other file.
 * @throws WorkbenchError `not-found`; `conflict` while variants, runs or evaluations use it
 */
export async function removeDataset(workspace: Workspace, nameOrId: string): Promise<void> {
  const { db } = workspace;
  const { id, root } = findDataset(db, nameOrId);
  const made = listMadeKeys(db, id);
  await deleteDataset(db, id);
  if (made.length > 0) await removeFiles(root, [...made, ...emojiCompanions]);
}
