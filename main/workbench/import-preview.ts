import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ImportPreview, ImportRequest } from '#contract/api/datasets.ts';
import { defaultPrompts, type NewRecord, type SkippedRow } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { readCsv } from '#main/data/csv-import.ts';
import { type Delimiter, readCsvRows } from '#main/data/csv-rows.ts';
import { readFolder } from '#main/data/folder-import.ts';
import type { ImportItem } from '#main/data/import-item.ts';
import { toThumbnailAddress } from '#main/data/thumbnail-address.ts';
import { delimiterOf } from './datasets.ts';

/** Where a dry run stops: it is to answer while a person waits. */
const shownRows = 30;
const shownSkipped = 200;
const seenRows = 2_000;
const seenMs = 1_500;
const thumbnailSide = 64;

/** Names that columns often have, the most telling first. */
const usualNames = {
  image: [
    'image',
    'image_path',
    'filepath',
    'file_path',
    'path',
    'file',
    'filename',
    'file_name',
    'img',
    'picture',
  ],
  caption: ['caption', 'captions', 'text', 'title', 'description', 'sentence'],
  label: ['label', 'class', 'category', 'class_name'],
  split: ['split', 'set', 'subset', 'partition'],
} as const;

/** An import of which only the path need be known yet. */
export type PreviewRequest = { path: string } & {
  [K in keyof ImportRequest]?: ImportRequest[K] | undefined;
};

/**
 * A dry run of an import: the first rows as they would be kept, what would be left out and why, and which column
 * is what, guessed where it is not named. What keeps the import from starting is its `problem`, not an error.
 * @throws WorkbenchError `not-found` where there is nothing at the path
 */
export async function previewImport(request: PreviewRequest): Promise<ImportPreview> {
  const path = resolve(request.path);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new WorkbenchError('not-found', `There is nothing at ${path}: check the path.`, { path });
  }
  return found.isDirectory() ? previewFolder(path, request) : previewCsv(path, request);
}

async function previewFolder(path: string, request: PreviewRequest): Promise<ImportPreview> {
  const templates = request.templates ?? request.prompts ?? defaultPrompts;
  const looked = await look(
    path,
    (_, { key }) => key,
    (signal) => readFolder(path, { templates, signal }),
  );
  return {
    kind: 'folder',
    columns: [],
    mapping: { image: null, caption: null, label: null, split: null },
    ...looked,
  };
}

async function previewCsv(path: string, request: PreviewRequest): Promise<ImportPreview> {
  const delimiter = request.delimiter ?? delimiterOf(path);
  const columns = await readHeader(path, delimiter);
  const find = (usual: readonly string[], named: string | undefined) => named ?? guess(columns, usual);
  const mapping = {
    image: find(usualNames.image, request.imageColumn),
    caption: find(usualNames.caption, request.captionColumn),
    label: find(usualNames.label, request.labelColumn),
    split: find(usualNames.split, request.splitColumn),
  };
  const { image, caption, label, split } = mapping;
  const preview = { kind: 'csv' as const, columns, mapping };
  if (image === null || caption === null) {
    const missing = image === null ? 'paths of the pictures' : 'captions';
    const problem = `Say which column has the ${missing}: none of ${columns.map((name) => `'${name}'`).join(', ') || 'the file'} looks like it.`;
    return { ...preview, rows: [], skipped: [], seen: 0, complete: false, problem };
  }
  const looked = await look(dirname(path), csvRowOf, (signal) =>
    readCsv(path, {
      delimiter,
      signal,
      imageColumn: image,
      captionColumn: caption,
      ...(label === null ? {} : { labelColumn: label }),
      ...(split === null ? {} : { splitColumn: split }),
    }),
  );
  return { ...preview, ...looked };
}

/** The names in a file's first row; none where it cannot be read. */
async function readHeader(path: string, delimiter: Delimiter): Promise<string[]> {
  for await (const { fields } of readCsvRows(path, delimiter)) {
    return fields === null ? [] : fields.map((name) => name.trim());
  }
  return [];
}

function guess(columns: readonly string[], usual: readonly string[]): string | null {
  for (const name of usual) {
    const column = columns.find((candidate) => candidate.toLowerCase().replaceAll(/[\s-]+/g, '_') === name);
    if (column !== undefined) return column;
  }
  return null;
}

/** The header is row 1. */
const csvRowOf = (seen: number) => seen + 1;

type Looked = Pick<ImportPreview, 'rows' | 'skipped' | 'seen' | 'complete' | 'problem'>;

/** Reads until enough is seen, or too much time is gone. */
async function look(
  folder: string,
  rowOf: (seen: number, record: NewRecord) => number | string,
  open: (signal: AbortSignal) => AsyncGenerator<ImportItem, void>,
): Promise<Looked> {
  const records: { row: number | string; record: NewRecord }[] = [];
  const skipped: SkippedRow[] = [];
  const signal = AbortSignal.timeout(seenMs);
  let seen = 0;
  let complete = false;
  let problem: string | null = null;
  try {
    for await (const item of open(signal)) {
      seen += 1;
      if (item.kind === 'skipped') skipped.push(item.skipped);
      else records.push({ row: rowOf(seen, item.record), record: item.record });
      if (seen === seenRows) break;
    }
    complete = seen < seenRows;
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    if (error.kind !== 'cancelled') problem = error.message;
  }
  const rows = await Promise.all(
    records.slice(0, shownRows).map(async ({ row, record: { key, caption, label, split } }) => ({
      row,
      key,
      caption,
      label,
      split,
      thumbnail: await toThumbnailAddress(resolve(folder, key), thumbnailSide),
    })),
  );
  if (complete && records.length === 0 && problem === null) {
    problem = 'Nothing in it could be imported: see why rows are left out.';
  }
  return { rows, skipped: skipped.slice(0, shownSkipped), seen, complete, problem };
}
