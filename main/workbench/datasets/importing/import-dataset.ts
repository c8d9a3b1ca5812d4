import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import {
  type Dataset,
  type DatasetSource,
  defaultPrompts,
  type NewDataset,
  type SkippedRow,
  type Split,
} from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { type FormatName, type ImportNote, importNoteSchema } from '#contract/import.ts';
import { findPromptFault } from '#contract/prompts.ts';
import { toPrompts } from '#core/prompts/read-prompts.ts';
import { storeImportRequest } from '#db/datasets/dataset-changes.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { listDatasets, locateDataset } from '#db/datasets/datasets.ts';
import { storeNotes } from '#db/datasets/import-notes.ts';
import { countSeveralClasses, splitCounts } from '#db/datasets/record-counts.ts';
import { openLongWriter } from '#db/long-writes.ts';
import { numberOf } from '#db/names.ts';
import type { Database } from '#db/open.ts';
import { createTally, type GrowingTally, type SkippedTally } from '#main/data/importing/skipped-tally.ts';
import type { ReadProgress } from '#main/data/readers/reader.ts';
import type { JobContext } from '../../engine/job-context.ts';
import { freeName } from '../../names.ts';
import type { Workspace } from '../../workspace.ts';
import { duplicateNotes } from '../duplicates/duplicate-notes.ts';
import { findDuplicates } from '../duplicates/find-duplicates.ts';
import { listSkipped } from '../skipped-rows.ts';
import { type ChosenReading, chooseReading, type ReadingRequest } from './choose-reading.ts';
import { classNotes } from './class-notes.ts';
import { toKeptRequest } from './import-requests.ts';
import { checkedSteps, uncheckedSteps } from './import-steps.ts';
import { indexBeside } from './index-beside.ts';
import { isLong, readApart } from './read-apart.ts';

export interface ImportRequest extends ReadingRequest {
  /** null or left out: that of the file or folder, with a number where it is taken. */
  name?: string | null | undefined;
  /** Refuse the whole where a row is bad. */
  strict: boolean;
  /** Do not look at the pictures: their sizes, hashes and duplicates are not known until the dataset is checked. */
  unchecked?: boolean | undefined;
  /** Where two readings are plausible, take the one that comes first; else the import is refused. */
  yes?: boolean | undefined;
}

export interface ImportOutcome {
  dataset: Dataset;
  format: FormatName;
  splits: Record<Split, number>;
  /** The first rows that were left out, at most 1,000. */
  skipped: readonly SkippedRow[];
  /** All that was left out, counted. */
  left: SkippedTally;
  notes: ImportNote[];
}

/** Bad rows that an error's message lists; its details have all. */
const shownSkipped = 10;

/**
 * Imports pairs of pictures and captions from whatever a reader knows; rows that are bad are left out and listed. The
 * dataset appears whole or not at all: an import that fails, is refused or stopped leaves nothing; one that is killed goes
 * on when the same import is begun again. Pictures stay where they are.
 * @throws WorkbenchError `not-found`; `conflict` where the name is taken; `cancelled`; `bad-input` where nothing could be
 *   read, two readings are plausible and none was chosen, or, with `strict`, any row is bad (details.skipped lists the first thousand).
 */
export async function importFrom(
  { db }: Pick<Workspace, 'db'>,
  request: ImportRequest,
  context: JobContext,
): Promise<ImportOutcome> {
  const templates = asPrompts(request.templates ?? null);
  const prompts = checkPrompts(request.prompts ?? templates ?? defaultPrompts);
  const path = resolve(request.path);
  const chosen = await chooseReading({ ...request, path }, request.yes !== true);
  const { format, reading } = chosen;
  if (request.templates != null && reading.columns !== null && reading.columns.mapping.caption !== null) {
    throw new WorkbenchError(
      'bad-input',
      'Caption templates are for folders and labels: this table brings its own captions. Leave --templates out.',
    );
  }
  const dataset: NewDataset = {
    name: request.name ?? freeName(nameOf(path), new Set(listDatasets(db).map(({ name }) => name))),
    source: sourceOf(format, path),
    root: reading.root,
    prompts,
    captionTemplates: templates ?? prompts,
    unchecked: request.unchecked === true,
  };
  const fingerprint = fingerprintOf(request, path, format, reading.root);
  const { imported, found } = await importItems(db, dataset, fingerprint, chosen, request, context);
  const { number } = locateDataset(db, imported.id);
  if (request.unchecked !== true) await findDuplicates(db, number);
  const notes = [
    ...uncheckedNotes(imported),
    ...found.notes,
    ...pairNotes(imported, found),
    ...severalClassesNotes(db, number, imported),
    ...classNotes(imported.classes, chosen.options.names),
    ...duplicateNotes(db, number),
  ];
  storeNotes(db, number, notes);
  storeImportRequest(db, imported.id, toKeptRequest(request, format));
  const splits = { train: 0, validation: 0, test: 0 };
  for (const { value, count } of splitCounts(db, number)) if (value !== null) splits[value] = count;
  return { dataset: imported, format, splits, skipped: found.skipped.rows, left: found.skipped, notes };
}

interface Collected {
  skipped: GrowingTally;
  notes: ImportNote[];
  missingForPandas: number;
  records: number;
}

/** {@link Collected} as it is kept while an import is under way. */
const collectedSchema = z.object({
  skipped: z.object({
    rows: z.array(z.object({ row: z.union([z.number(), z.string()]), reason: z.string() })),
    total: z.number().int(),
    reasons: z.record(z.string(), z.number().int()),
  }),
  notes: z.array(importNoteSchema),
  missingForPandas: z.number().int(),
  records: z.number().int(),
});

/** What an import is and how it is read: only the same one goes on where it was killed. */
function fingerprintOf(request: ImportRequest, path: string, format: FormatName, root: string): string {
  const { templates, prompts, columns, namesFile, classesFile, tidyClasses, strict, unchecked } = request;
  const how = { templates, prompts, columns, namesFile, classesFile, tidyClasses, strict, unchecked };
  return createHash('sha256').update(JSON.stringify({ path, format, root, how })).digest('hex');
}

/** Fills the dataset; where the source has changed since it was killed, from the beginning. */
async function importItems(
  db: Database,
  dataset: NewDataset,
  fingerprint: string,
  chosen: ChosenReading,
  request: ImportRequest,
  context: JobContext,
): Promise<{ imported: Dataset; found: Collected }> {
  const { format, reading, readings } = chosen;
  const { interrupt, reporter } = context;
  const started = beginImport(db, dataset, fingerprint);
  const { resumed } = started;
  const begun = resumed === null ? null : collectedSchema.parse(resumed.state);
  const found: Collected = {
    skipped: createTally(begun?.skipped),
    notes: begun?.notes ?? readingNotes(format, readings),
    missingForPandas: begun?.missingForPandas ?? 0,
    records: begun?.records ?? 0,
  };
  if (resumed !== null)
    reporter.say(`An import of this was cut short after ${resumed.items} rows: it goes on there.`);
  const from = resumed === null ? {} : { from: { items: resumed.items, digest: resumed.digest } };
  const onProgress = ({ done, total, unit }: ReadProgress) =>
    reporter.progress(`reading ${unit}`, done, total);
  const signal = interrupt.gentle;
  const { options } = chosen;
  const path = resolve(request.path);
  const long = request.unchecked === true && isLong(path);
  const indexer = long ? indexBeside(db, numberOf(db, 'datasets', started.datasetId)) : null;
  const writer = long ? openLongWriter(db) : undefined;
  const steps =
    request.unchecked !== true
      ? checkedSteps(reading, { signal, onProgress, ...from })
      : long
        ? readApart({ path, format, options, from: from.from ?? null }, signal)
        : uncheckedSteps(reading, { signal, ...from });
  try {
    for await (const { packed, skipped, notes, missingForPandas, reached, progress } of steps) {
      for (const row of skipped) found.skipped.add(row);
      found.notes.push(...notes);
      found.records += packed.count;
      found.missingForPandas += missingForPandas;
      if (progress !== null) onProgress(progress);
      const { rows, total, reasons } = found.skipped;
      const state = { ...found, skipped: { rows, total, reasons } };
      started.addPacked(packed, { fingerprint, ...reached, state }, writer);
      indexer?.added(packed.count);
      await setImmediate();
    }
    refuseImport(request, path, found);
    const indexed = indexer?.finish();
    while (started.orderSome()) await setImmediate();
    await indexed;
    while (started.indexSome()) await setImmediate();
    return { imported: started.finish(found.skipped), found };
  } catch (error) {
    await indexer?.close();
    started.abandon();
    if (resumed === null || !(error instanceof WorkbenchError) || error.kind !== 'conflict') throw error;
    reporter.say(`${error.message} It begins anew.`);
    return importItems(db, dataset, fingerprint, chosen, request, context);
  } finally {
    writer?.close();
    await indexer?.close();
  }
}

function readingNotes(format: FormatName, readings: ChosenReading['readings']): ImportNote[] {
  if (readings.length < 2) return [];
  const others = readings.slice(1).map((one) => `${one.format} (${one.why})`);
  return [
    { kind: 'reading-chosen', message: `It was read as ${format}; it could also be ${others.join(', ')}.` },
  ];
}

function nameOf(path: string): string {
  return (
    basename(path).replace(/\.(csv|tsv|tab|txt|jsonl|ndjson|json|parquet|tar|token)(\.gz)?$/i, '') ||
    'dataset'
  );
}

function sourceOf(format: FormatName, path: string): DatasetSource {
  if (format === 'csv') return { kind: 'csv', path };
  if (format === 'class-folders' || format === 'split-folders') return { kind: 'folder', path };
  return { kind: 'files', format, path };
}

function uncheckedNotes({ name, pictures, unchecked }: Dataset): ImportNote[] {
  if (!unchecked) return [];
  return [
    {
      kind: 'not-looked-at',
      message: `Nobody has looked at the ${pictures} pictures of '${name}' yet: whether they can be read, their sizes, hashes and duplicates are not known, and a later change of one is not noticed. A check of the dataset (ccw dataset verify) looks at all of them.`,
      count: pictures,
    },
  ];
}

function pairNotes({ records, pictures }: Dataset, { missingForPandas }: Collected): ImportNote[] {
  const notes: ImportNote[] = [];
  if (records > pictures) {
    notes.push({
      kind: 'several-captions',
      message: `${records} pairs on ${pictures} pictures: some pictures have several captions, and each is a pair.`,
      count: records - pictures,
    });
  }
  if (missingForPandas > 0) {
    notes.push({
      kind: 'missing-for-pandas',
      message: `${missingForPandas} captions are words such as NA or null, which the reference's reader (pandas) reads as missing values, quoted or not: an exported file with them cannot be tokenised there.`,
      count: missingForPandas,
    });
  }
  return notes;
}

function severalClassesNotes(
  db: Database,
  number: number,
  { records, pictures, classes }: Dataset,
): ImportNote[] {
  const count = records > pictures && classes.length > 1 ? countSeveralClasses(db, number) : 0;
  if (count === 0) return [];
  return [
    {
      kind: 'class-several',
      message: `${count} ${count === 1 ? 'picture has' : 'pictures have'} pairs of several classes: at most one of them can be predicted.`,
      count,
    },
  ];
}

function refuseImport(
  { strict }: ImportRequest,
  path: string,
  { records, skipped: { rows: skipped, total } }: Collected,
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
    const why = total === 0 ? ' It holds no pairs.' : list;
    throw new WorkbenchError('bad-input', `Nothing in ${path} could be imported.${why}`, { path, skipped });
  }
}

/**
 * Caption templates as prompts: a model that learns from captions of such forms knows their words, and may have never
 * seen a token of the default prompt. null where there are none, or one does not name the class once.
 */
function asPrompts(templates: readonly string[] | null): string[] | null {
  if (templates === null || templates.length === 0) return null;
  const written = toPrompts(templates);
  return findPromptFault(written) === null ? written : null;
}

function checkPrompts(prompts: string[]): string[] {
  const fault = findPromptFault(prompts);
  if (fault !== null) throw new WorkbenchError('bad-input', fault, { prompts });
  return prompts;
}
