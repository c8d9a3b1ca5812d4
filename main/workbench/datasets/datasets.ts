import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  type Dataset,
  defaultPrompts,
  type NewDataset,
  type NewRecord,
  type SkippedRow,
  type Split,
} from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { deleteDataset } from '#db/datasets/dataset-removal.ts';
import { findDataset, listDatasets, locateDataset } from '#db/datasets/datasets.ts';
import { listMadeKeys } from '#db/datasets/made-pictures.ts';
import { splitCounts } from '#db/datasets/record-counts.ts';
import { checkedAt } from '#db/datasets/record-states.ts';
import { countSkipped } from '#db/datasets/skipped-rows.ts';
import type { Database } from '#db/open.ts';
import { type CsvImportOptions, readCsv } from '#main/data/csv-import.ts';
import type { Delimiter } from '#main/data/csv-rows.ts';
import { emojiCompanions } from '#main/data/emoji/build-emoji-dataset.ts';
import { readFolder } from '#main/data/folder-import.ts';
import type { ImportItem, ImportOptions } from '#main/data/import-item.ts';
import { removeFiles } from '#main/data/remove-files.ts';
import { createTally, type GrowingTally, type SkippedTally } from '#main/data/skipped-tally.ts';
import type { JobContext } from '../engine/job-context.ts';
import type { Workspace } from '../workspace.ts';
import { listSkipped } from './skipped-rows.ts';

/** Names of a CSV's columns; what is left out has its usual name. Its delimiter: left out, as the file's name says. */
export type CsvColumns = Pick<
  CsvImportOptions,
  'imageColumn' | 'captionColumn' | 'labelColumn' | 'splitColumn' | 'delimiter'
>;

export interface ImportRequest {
  /** A CSV file, or a folder with one subfolder per class. */
  path: string;
  name: string;
  /** Caption templates of a folder's pictures; null takes the prompts. */
  templates: string[] | null;
  /** null takes the default prompt. */
  prompts: string[] | null;
  columns: CsvColumns;
  /** Refuse the whole where a row is bad. */
  strict: boolean;
}

export interface ImportOutcome {
  dataset: Dataset;
  /** The first rows that were left out, at most 1,000. */
  skipped: readonly SkippedRow[];
  /** All that was left out, counted. */
  left: SkippedTally;
}

/** Bad rows that an error's message lists; its details have all. */
const shownSkipped = 10;

/** Records that are written to the database at once. */
const batchRecords = 1_000;

/**
 * Imports a CSV or a folder; rows that are bad are left out and listed. The dataset appears whole or not at all:
 * an import that fails, is refused, stopped or killed leaves nothing. Pictures stay where they are.
 * @throws WorkbenchError `not-found`; `conflict` where the name is taken; `cancelled`; `bad-input` where nothing
 *   could be read or, with `strict`, any row is bad (details.skipped lists the first thousand).
 */
export async function importFrom(
  workspace: Workspace,
  request: ImportRequest,
  context: JobContext,
): Promise<ImportOutcome> {
  const prompts = checkPrompts(request.prompts ?? defaultPrompts);
  const path = resolve(request.path);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder && request.templates !== null) {
    throw new WorkbenchError(
      'bad-input',
      'Caption templates are for folders: a CSV brings its own captions. Leave --templates out.',
    );
  }
  const options: ImportOptions = {
    signal: context.interrupt.gentle,
    onProgress: ({ done, total }) =>
      context.reporter.progress(isFolder ? 'reading pictures' : 'reading bytes', done, total),
  };
  const items = isFolder
    ? readFolder(path, { ...options, templates: request.templates ?? prompts })
    : readCsv(path, {
        ...options,
        delimiter: delimiterOf(path),
        ...request.columns,
      });
  const dataset: NewDataset = {
    name: request.name,
    source: { kind: isFolder ? 'folder' : 'csv', path },
    root: isFolder ? path : dirname(path),
    prompts,
    captionTemplates: prompts,
  };
  const skipped = createTally();
  const imported = await importDataset(
    workspace.db,
    dataset,
    collectBatches(items, skipped, (records) => refuseImport(request, path, records, skipped)),
    skipped,
  );
  return { dataset: imported, skipped: skipped.rows, left: skipped };
}

/** What parts the fields of a file of this name. */
export function delimiterOf(path: string): Delimiter {
  return path.toLowerCase().endsWith('.tsv') ? '\t' : ',';
}

/** All datasets, oldest first. */
export function showDatasets({ db }: Workspace): Dataset[] {
  return listDatasets(db);
}

export interface DatasetDescription {
  dataset: Dataset;
  splits: Record<Split, number>;
  /** Rows that the import left out. */
  skipped: number;
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

function withSplits(db: Database, dataset: Dataset): DatasetDescription {
  const splits = { train: 0, validation: 0, test: 0 };
  const { number } = locateDataset(db, dataset.id);
  for (const { value, count } of splitCounts(db, number)) {
    if (value !== null) splits[value] = count;
  }
  return { dataset, splits, skipped: countSkipped(db, number), checkedAt: checkedAt(db, number) };
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

/** Good records in batches; bad rows go to `skipped`. `atEnd` may refuse the whole by throwing. */
async function* collectBatches(
  items: AsyncIterable<ImportItem>,
  skipped: GrowingTally,
  atEnd: (records: number) => void,
): AsyncGenerator<NewRecord[], void> {
  let batch: NewRecord[] = [];
  let records = 0;
  for await (const item of items) {
    if (item.kind === 'skipped') {
      skipped.add(item.skipped);
      continue;
    }
    records += 1;
    batch.push(item.record);
    if (batch.length === batchRecords) {
      yield batch;
      batch = [];
    }
  }
  atEnd(records);
  if (batch.length > 0) yield batch;
}

function refuseImport(
  { strict }: ImportRequest,
  path: string,
  records: number,
  { rows: skipped, total }: SkippedTally,
): void {
  const list = listSkipped(skipped, shownSkipped, total)
    .map((line) => `\n${line}`)
    .join('');
  if (strict && skipped.length > 0) {
    throw new WorkbenchError(
      'bad-input',
      `Nothing was imported: ${total} ${total === 1 ? 'row is' : 'rows are'} bad. Fix them, or leave --strict out to import the rest.${list}`,
      { skipped },
    );
  }
  if (records === 0) {
    throw new WorkbenchError('bad-input', `Nothing in ${path} could be imported.${list}`, { path, skipped });
  }
}

function checkPrompts(prompts: string[]): string[] {
  const wrong = prompts.find((prompt) => prompt.split('{}').length !== 2);
  if (wrong === undefined) return prompts;
  throw new WorkbenchError('bad-input', `The prompt '${wrong}' must have {} once, where the class goes.`, {
    prompt: wrong,
  });
}
