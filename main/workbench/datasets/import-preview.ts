import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
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

/** How much of a header a message shows. */
const shownColumns = 12;
const shownLetters = 40;

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
 * @throws WorkbenchError `not-found` where there is nothing at the path; `bad-input` where it is relative
 */
export async function previewImport(request: PreviewRequest): Promise<ImportPreview> {
  const path = toAbsolutePath(request.path);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new WorkbenchError('not-found', `There is nothing at ${path}: check the path.`, { path });
  }
  return found.isDirectory() ? previewFolder(path, request) : previewCsv(path, request);
}

/**
 * A path that a person wrote in the window, which knows no current folder; `~` is the home folder.
 * @throws WorkbenchError `bad-input` where it is relative
 */
export function toAbsolutePath(written: string): string {
  const path = /^~(?=[\\/]|$)/.test(written) ? join(homedir(), written.slice(1)) : written;
  if (isAbsolute(path)) return normalize(path);
  throw new WorkbenchError(
    'bad-input',
    `'${written}' is not an absolute path. Enter an absolute path, for example ${join(homedir(), 'pictures')}.`,
    { path: written },
  );
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
  const find = (usual: readonly string[], named: string | null | undefined) =>
    named === undefined ? guess(columns, usual) : named;
  const mapping = {
    image: find(usualNames.image, request.imageColumn),
    caption: find(usualNames.caption, request.captionColumn),
    label: find(usualNames.label, request.labelColumn),
    split: find(usualNames.split, request.splitColumn),
  };
  const { image, caption, label, split } = mapping;
  const preview = { kind: 'csv' as const, columns: [...new Set(columns)], mapping };
  if (image === null || caption === null) {
    const problem = tellMissing(columns, image === null ? 'paths of the pictures' : 'captions');
    return { ...preview, rows: [], skipped: [], seen: 0, complete: false, problem };
  }
  const looked = await look(dirname(path), csvRowOf, (signal) =>
    readCsv(path, {
      delimiter,
      signal,
      imageColumn: image,
      captionColumn: caption,
      labelColumn: label,
      splitColumn: split,
    }),
  );
  return { ...preview, ...looked };
}

/** Why it is not known which column has the paths or the captions, and what to do. */
function tellMissing(columns: readonly string[], what: string): string {
  if (columns.length === 0) {
    return 'Its first row cannot be read: it must name the columns. Save the file as CSV or TSV in UTF-8.';
  }
  const [only] = columns;
  if (columns.length === 1 && only?.includes(';')) {
    return 'Its columns seem to be divided by semicolons: only commas and tabs are read. Save it with commas.';
  }
  const names = columns.slice(0, shownColumns).map((name) => `'${name.slice(0, shownLetters)}'`);
  return `Say which column has the ${what}: none of ${names.join(', ')}${columns.length > shownColumns ? ' and the others' : ''} looks like it.`;
}

/** The names in a file's first row; none where it cannot be read. */
async function readHeader(path: string, delimiter: Delimiter): Promise<string[]> {
  try {
    for await (const { fields } of readCsvRows(path, delimiter)) {
      return fields === null ? [] : fields.map((name) => name.trim());
    }
    return [];
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : cause;
    throw new WorkbenchError(
      'bad-input',
      `${path} cannot be read (${String(code)}): check who may read it.`,
      { path },
      { cause },
    );
  }
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
    const noClass = skipped.every(({ reason }) => reason === 'is in no class folder');
    problem =
      skipped.length === 0
        ? 'There is nothing in it to import.'
        : noClass
          ? 'Its files are in no class folder: put the pictures of each class into a folder of its name, or list them in a CSV file.'
          : 'Nothing in it could be imported: see why below.';
  }
  return { rows, skipped: skipped.slice(0, shownSkipped), seen, complete, problem };
}
