import { homedir } from 'node:os';
import { isAbsolute, join, normalize } from 'node:path';
import { z } from 'zod';
import type { ImportPreview, ImportRequest } from '#contract/api/datasets.ts';
import { pictureKeyOf, type SkippedRow } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ImportNote } from '#contract/import.ts';
import type { PictureSource } from '#contract/picture-source.ts';
import { readPng } from '#main/data/decoding/read-apart.ts';
import { checkPairs, type ImportItem } from '#main/data/importing/check-pairs.ts';
import { guessColumn } from '#main/data/readers/columns.ts';
import type { Reading } from '#main/data/readers/reader.ts';
import { readers } from '#main/data/readers/readers.ts';
import { pictureSource } from '../engine/engine-records.ts';
import { chooseReading } from './importing/choose-reading.ts';
import { classNotes } from './importing/class-notes.ts';

/** Where a dry run stops: it is to answer while a person waits. */
const shownRows = 30;
const shownSkipped = 200;
const seenRows = 2_000;
/** From the first record on: a decoder that starts takes a while on a busy machine. */
const seenMs = 3_000;
/** Without any record. */
const patienceMs = 15_000;
const thumbnailSide = 64;

/** An import of which only the path need be known yet. */
export type PreviewRequest = { path: string } & {
  [K in keyof ImportRequest]?: ImportRequest[K] | undefined;
};

/**
 * A dry run of an import: the first rows as they would be kept, what would be left out and why, and which column
 * is what, guessed where it is not named. What keeps the import from starting is its `problem`, not an error.
 * @throws WorkbenchError `not-found` where there is nothing at the path; `bad-input` where it is relative, or in no
 *   format that is read
 */
export async function previewImport(request: PreviewRequest): Promise<ImportPreview> {
  const {
    path: written,
    format,
    namesFile,
    classesFile,
    tidyClasses,
    templates,
    prompts,
    testShare,
    splitSeed,
    ...columns
  } = request;
  const { imageColumn, captionColumn, labelColumn, splitColumn, delimiter } = columns;
  const path = toAbsolutePath(written);
  const asked = {
    path,
    format,
    namesFile,
    classesFile,
    tidyClasses,
    templates,
    prompts,
    testShare,
    splitSeed,
    columns: { imageColumn, captionColumn, labelColumn, splitColumn, delimiter },
  };
  const chosen = await chooseReading(asked, false).catch((error: unknown) => {
    const problem = toProblem(error);
    if (problem === null) throw error;
    return problem;
  });
  if ('problem' in chosen) return chosen;
  const { reading } = chosen;
  const looked = await look(reading);
  return {
    format: chosen.format,
    readings: chosen.readings.map((one) => ({
      format: one.format,
      label: readers[one.format].label,
      why: one.why,
    })),
    columns: [...new Set(reading.columns?.names)],
    mapping: reading.columns?.mapping ?? { image: null, caption: null, label: null, split: null },
    ...looked,
    notes: [...looked.notes, ...classNotes(looked.classes, chosen.options.names)],
  };
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

/** What keeps it from being read, with the columns where a person may say which is what; null for every other error. */
function toProblem(error: unknown): ImportPreview | null {
  if (!(error instanceof WorkbenchError) || error.kind !== 'bad-input') return null;
  const columns = z.array(z.string()).catch([]).parse(error.details.columns);
  const find = (role: 'image' | 'caption' | 'label' | 'split') => guessColumn(columns, role);
  return {
    format: 'csv',
    readings: [],
    notes: [],
    columns: [...new Set(columns)],
    mapping: { image: find('image'), caption: find('caption'), label: find('label'), split: find('split') },
    rows: [],
    skipped: [],
    seen: 0,
    complete: false,
    problem: error.message,
  };
}

type Looked = Pick<ImportPreview, 'rows' | 'skipped' | 'seen' | 'complete' | 'problem' | 'notes'> & {
  classes: string[];
};

/** Reads until enough is seen, or too much time is gone. */
async function look(reading: Reading): Promise<Looked> {
  const records: Extract<ImportItem, { kind: 'record' }>[] = [];
  const skipped: SkippedRow[] = [];
  const notes: ImportNote[] = [];
  const enough = new AbortController();
  let timer = setTimeout(() => enough.abort(), patienceMs);
  let seen = 0;
  let complete = false;
  let problem: string | null = null;
  const whole = countItems(reading);
  let taken = 0;
  try {
    for await (const item of checkPairs(whole.reading, { signal: enough.signal })) {
      taken += 1;
      if (item.kind === 'note') {
        notes.push(item.note);
        continue;
      }
      seen += 1;
      if (item.kind === 'skipped') skipped.push(item.skipped);
      else {
        if (records.length === 0) {
          clearTimeout(timer);
          timer = setTimeout(() => enough.abort(), seenMs);
        }
        records.push(item);
      }
      if (seen === seenRows) break;
    }
    complete = seen < seenRows;
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    if (error.kind !== 'cancelled') problem = error.message;
    // Time was up while the last of them were decoded.
    else complete = whole.items() === taken;
  } finally {
    clearTimeout(timer);
  }
  const rows = await Promise.all(
    records.slice(0, shownRows).map(async ({ row, record }) => ({
      row,
      key: pictureKeyOf(record),
      caption: record.caption,
      label: record.label,
      split: record.split,
      thumbnail: await thumbnailOf(pictureSource({ root: reading.root }, record)),
    })),
  );
  if (complete && records.length === 0 && problem === null) problem = tellNothing(skipped);
  const classes = new Set(records.flatMap(({ record }) => record.label ?? []));
  return {
    rows,
    skipped: skipped.slice(0, shownSkipped),
    seen,
    complete,
    problem,
    notes,
    classes: [...classes].sort(),
  };
}

/** A reading with the number of its items, once it was read to its end; null before. */
function countItems(reading: Reading): { reading: Reading; items(): number | null } {
  let items: number | null = null;
  return {
    items: () => items,
    reading: {
      ...reading,
      async *batches(signal, onProgress) {
        let count = 0;
        for await (const batch of reading.batches(signal, onProgress)) {
          count += batch.length;
          yield batch;
        }
        if (signal?.aborted !== true) items = count;
      },
    },
  };
}

/** A small picture as a data: address; '' where it cannot be read. */
async function thumbnailOf(source: PictureSource): Promise<string> {
  try {
    const png = await readPng(source, thumbnailSide);
    return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  } catch {
    return '';
  }
}

function tellNothing(skipped: readonly SkippedRow[]): string {
  if (skipped.length === 0) return 'There is nothing in it to import.';
  return skipped.every(({ reason }) => reason === 'is in no class folder')
    ? 'Its files are in no class folder: put the pictures of each class into a folder of its name, or list them in a CSV file.'
    : 'Nothing in it could be imported: see why below.';
}
