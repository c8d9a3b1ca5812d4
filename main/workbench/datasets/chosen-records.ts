import { WorkbenchError } from '#contract/errors.ts';
import { findDataset, locateDataset } from '#db/datasets/datasets.ts';
import { readRecord } from '#db/datasets/record-rows.ts';
import { addTag, removeTag } from '#db/datasets/tags.ts';
import { describePicture, type PictureDescription } from '#main/data/pictures/describe-picture.ts';
import { readContent } from '#main/data/sources/read-content.ts';
import { pictureSource } from '../engine/engine-records.ts';
import type { Workspace } from '../workspace.ts';
import { writeRecordsCsv } from './browsing/export-csv.ts';
import { type BrowsedRecord, describe, type RecordBrowser } from './browsing/record-browser.ts';
import type { ParsedQuery } from './browsing/resolve-query.ts';

/** Records by their ids, or all that a query finds. */
export interface RecordChoice {
  recordIds?: readonly number[] | undefined;
  query?: ParsedQuery | undefined;
}

/** One record with all that is known of it. @throws WorkbenchError `not-found` */
export function describeRecord({ db }: Workspace, recordId: number): BrowsedRecord {
  readRecord(db, recordId);
  const [browsed] = describe(db, [recordId], null);
  if (browsed !== undefined) return browsed;
  throw new WorkbenchError('internal', `The record ${recordId} was deleted meanwhile.`);
}

/** What the picture file of a record is, and what decoding does to it; null where it cannot be read. */
export async function describeFile(
  { db }: Workspace,
  { record }: BrowsedRecord,
): Promise<PictureDescription | null> {
  const { root } = locateDataset(db, record.datasetId);
  try {
    const content = await readContent(pictureSource({ root }, record));
    return 'bytes' in content
      ? await describePicture(content.bytes)
      : { format: 'Plain pixels', decoding: [] };
  } catch {
    // The record's state says so.
    return null;
  }
}

/**
 * Adds a tag to records, or removes it.
 * @returns the ids of those changed, ascending
 * @throws WorkbenchError `not-found`; `bad-input` where no records are chosen, or the name can be no tag
 */
export async function tagRecords(
  { db }: Workspace,
  browser: RecordBrowser,
  { recordIds, query }: RecordChoice,
  { tag, remove }: { tag: string; remove: boolean },
): Promise<number[]> {
  if (recordIds !== undefined) {
    const [first] = recordIds;
    if (first === undefined) return [];
    const { number } = locateDataset(db, readRecord(db, first).datasetId);
    return (remove ? removeTag : addTag)(db, number, tag, recordIds);
  }
  if (query !== undefined) return browser.tag(query, tag, remove);
  throw new WorkbenchError('bad-input', 'Choose records, or give a query that finds them.');
}

/** Records of a query's dataset as CSV. */
export async function exportRecords(
  { db }: Workspace,
  browser: RecordBrowser,
  { recordIds, query }: RecordChoice & { query: ParsedQuery },
): Promise<{ dataset: string; text: string }> {
  const dataset = findDataset(db, query.dataset);
  const ids = recordIds ?? (await browser.ids(query));
  return { dataset: dataset.name, text: writeRecordsCsv(db, dataset, ids) };
}
