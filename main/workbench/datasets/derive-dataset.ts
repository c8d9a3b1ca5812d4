import type { DeriveRequest } from '#contract/api/datasets.ts';
import type { Dataset, DatasetSource, NewRecord, Split } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import type { Workspace } from '../workspace.ts';

const recordsAtOnce = 2_000;

/** What records get that the parent's do not have, by their ids. */
export interface RecordChanges {
  splits?: ReadonlyMap<number, Split>;
  edits?: ReadonlyMap<number, { label: string; caption: string }>;
  /** The names behind `edits`, as the dataset keeps them. */
  classes?: { from: string; to: string }[];
}

/**
 * Makes a dataset from another one's records: only some, all but some, or all, with some captions corrected. Pictures
 * stay where they are; the dataset that it came from stays as it is, and is named as the origin with what was changed.
 * @param ids the records that `mode` is about
 * @param changes of records besides: another split, or another class with its caption
 * @throws WorkbenchError `not-found`; `conflict` where the name is taken; `bad-input` where nothing would be left, or a
 *   caption is of a record that would not be there
 */
export async function deriveDataset(
  { db }: Workspace,
  { dataset: nameOrId, mode, captions = [], name }: Omit<DeriveRequest, 'recordIds' | 'query'>,
  ids: ReadonlySet<number>,
  changes: RecordChanges = {},
): Promise<Dataset> {
  const { splits, edits, classes } = changes;
  const parent = findDataset(db, nameOrId);
  const isKept = (id: number) => mode === 'all' || (mode === 'only') === ids.has(id);
  const newCaptions = new Map(captions.map(({ recordId, caption }) => [recordId, caption]));
  const corrected: Corrections = [];
  let kept = 0;
  for (const { id, key, caption } of iterateRecords(db, parent.id)) {
    if (!isKept(id)) continue;
    kept += 1;
    const to = newCaptions.get(id);
    if (to !== undefined) corrected.push({ key, from: caption, to });
  }
  if (kept === 0) {
    throw new WorkbenchError('bad-input', `Nothing of '${parent.name}' would be left: choose other records.`);
  }
  if (corrected.length < newCaptions.size) {
    const missing = [...newCaptions.keys()].find((id) => !isKept(id)) ?? [...newCaptions.keys()][0];
    throw new WorkbenchError(
      'bad-input',
      `A caption is given for a record that the new dataset does not have (${missing}): leave it out.`,
      { recordId: missing },
    );
  }
  function* batches(): Generator<NewRecord[], void> {
    let batch: NewRecord[] = [];
    for (const { id, datasetId: _, ...record } of iterateRecords(db, parent.id)) {
      if (!isKept(id)) continue;
      batch.push({
        ...record,
        ...edits?.get(id),
        ...(newCaptions.has(id) ? { caption: newCaptions.get(id)! } : {}),
        split: splits?.get(id) ?? record.split,
      });
      if (batch.length < recordsAtOnce) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  }
  const source: DatasetSource = {
    kind: 'selected',
    path: parent.root,
    dataset: parent.name,
    removed: parent.records - kept,
    corrected,
    ...(splits === undefined || splits.size === 0 ? {} : { moved: splits.size }),
    ...(classes === undefined ? {} : { classes }),
  };
  const { root, prompts, captionTemplates, unchecked } = parent;
  const dataset = { name, source, root, prompts, captionTemplates, unchecked };
  return importDataset(db, dataset, batches());
}

type Corrections = Extract<DatasetSource, { kind: 'selected' }>['corrected'];
