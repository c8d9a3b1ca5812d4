import { copyFile, type FileHandle, mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Dataset, type DatasetRecord, pictureKeyOf, type Split } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Variant, VariantRecord } from '#contract/variant.ts';
import {
  toManifestRecipe,
  type VariantFolder,
  variantFolderFormat,
  type WrittenVariantFolder,
} from '#contract/variant-folder.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { readRecord } from '#db/datasets/record-rows.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import type { Database } from '#db/open.ts';
import { findVariant, iterateVariantRecords } from '#db/variants/variants.ts';
import { openRegularFile } from '#main/data/files/open-regular-file.ts';
import { makeWholeFolder } from '#main/data/files/whole-folder.ts';
import { mapInOrder, pictureConcurrency } from '#main/data/map-in-order.ts';
import { encodePng } from '#main/data/pictures/decode-picture.ts';
import { hashPixels } from '#main/data/pictures/hash-pixels.ts';
import { describeSource, readEncoded } from '#main/data/sources/read-content.ts';
import type { Delimiter } from '#main/data/tables/csv-rows.ts';
import { formatCsvRow } from '#main/data/tables/csv-text.ts';
import { factsOf } from '../datasets/looked-at.ts';
import { pictureSource } from '../engine/engine-records.ts';
import { stopIfAsked } from '../engine/interrupts.ts';
import type { JobContext } from '../engine/job-context.ts';
import { readProgram } from '../program.ts';
import type { Workspace } from '../workspace.ts';
import { describeExport } from './datasheet.ts';
import { copiedName, poisonedFolder, poisonedName, poisonWord } from './exported-names.ts';
import { isMissingForPandas } from './pandas-missing.ts';
import { renderRecord } from './render-record.ts';

export interface ExportRequest {
  /** Name or id. */
  variant: string;
  folder: string;
  cleanPictures: 'copy' | 'reference';
  /** Whether the files name pictures inside the folder from there, or from the root of the file system. */
  paths: 'relative' | 'absolute';
  imageColumn: string;
  captionColumn: string;
  separator: VariantFolder['separator'];
}

export interface ExportOutcome {
  variant: Variant;
  /** Absolute. */
  folder: string;
  /** Rows of the file of each split that the dataset has. */
  rows: Record<Split, number>;
  poisoned: number;
}

/** Rows written at once. */
const chunkRows = 2_000;
const whenStopped = 'Nothing was written.';

/**
 * Writes a variant as a folder: train.csv (and validation.csv, test.csv) with one picture and caption a row, the
 * pictures with triggers under backdoor_images/, the clean ones copied or named where they are; dataset.csv with every
 * original record; manifest.json and datasheet.md. The folder is there whole or not at all.
 *
 * @throws WorkbenchError `not-found`; `conflict` where the folder is not empty; `corrupt-file` where a picture is not
 *   rendered as the manifest says; `bad-input` where a clean picture's path has the word that marks poison; `cancelled`
 */
export async function exportVariant(
  { db }: Workspace,
  request: ExportRequest,
  context: JobContext,
): Promise<ExportOutcome> {
  const { imageColumn, captionColumn } = request;
  if (imageColumn === captionColumn) {
    throw new WorkbenchError(
      'bad-input',
      `Pictures and captions need columns of different names, not both '${imageColumn}'.`,
    );
  }
  const variant = findVariant(db, request.variant);
  const dataset = findDataset(db, variant.datasetId);
  const folder = resolve(request.folder);
  const changes = [...iterateVariantRecords(db, variant.id)].sort((a, b) => (a.key < b.key ? -1 : 1));
  return makeWholeFolder(folder, async (partial) => {
    await writePoisoned(db, partial, dataset, variant, changes, context);
    const places = new Map(changes.map((change, place) => [change.recordId, { change, place }]));
    const { rows, unreadable } = await writeTables(
      partial,
      folder,
      request,
      dataset,
      iterateRecords(db, dataset.id),
      places,
      context,
    );
    const manifest = describeFolder(request, variant, dataset, changes);
    await writeFile(join(partial, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
    await writeFile(
      join(partial, 'datasheet.md'),
      describeExport({ manifest, dataset, variant, rows, unreadable, changes }),
    );
    return { variant, folder, rows, poisoned: changes.length };
  });
}

async function writePoisoned(
  db: Database,
  partial: string,
  dataset: Dataset,
  { recipe, name }: Variant,
  changes: readonly VariantRecord[],
  { reporter, interrupt }: JobContext,
): Promise<void> {
  await mkdir(join(partial, poisonedFolder));
  const written = mapInOrder(
    changes.entries(),
    pictureConcurrency,
    async ([place, { recordId, key, part, renderedSha256 }]) => {
      const picture = await renderRecord(dataset, recipe, readRecord(db, recordId), part);
      if (hashPixels(picture) !== renderedSha256) {
        throw new WorkbenchError(
          'corrupt-file',
          `${key} does not give the picture that variant '${name}' notes: its file has changed. Put it back as it was, or make the variant again; ccw variant verify names all that differ.`,
          { key },
        );
      }
      await writeFile(join(partial, poisonedName(place)), await encodePng(picture));
    },
  );
  let done = 0;
  for await (const _ of written) {
    stopIfAsked(interrupt, whenStopped);
    done += 1;
    reporter.progress('rendering', done, changes.length);
  }
}

async function writeTables(
  partial: string,
  folder: string,
  request: ExportRequest,
  dataset: Dataset,
  records: Iterable<DatasetRecord>,
  places: ReadonlyMap<number, { change: VariantRecord; place: number }>,
  { reporter, interrupt }: JobContext,
): Promise<{ rows: Record<Split, number>; unreadable: number }> {
  const { separator, cleanPictures, paths, imageColumn, captionColumn } = request;
  const inFolder = (name: string) => (paths === 'absolute' ? join(folder, name) : name);
  const header = (split: Split) => [imageColumn, captionColumn, ...(split === 'train' ? [] : ['label'])];
  const tables = new Map<Split, Table>();
  const originals = await openTable(join(partial, 'dataset.csv'), originalColumns, ',');
  try {
    let done = 0;
    let unreadable = 0;
    const copied = mapInOrder(records, pictureConcurrency, async (record) => {
      const clean =
        cleanPictures === 'copy' ? copiedName(pictureKeyOf(record), record.id) : placeOf(dataset, record);
      if (cleanPictures === 'copy') await copyPicture(dataset, record, join(partial, clean));
      return { record, clean: cleanPictures === 'copy' ? inFolder(clean) : clean };
    });
    for await (const { record, clean } of copied) {
      const { split, label, caption } = record;
      const table =
        tables.get(split) ?? (await openTable(join(partial, `${split}.csv`), header(split), separator));
      tables.set(split, table);
      const changed = places.get(record.id);
      if (changed === undefined) refusePoisonWord(clean);
      const image = changed === undefined ? clean : inFolder(poisonedName(changed.place));
      const text = changed?.change.newCaption ?? caption;
      if (isMissingForPandas(text)) unreadable += 1;
      await table.add([image, text, ...(split === 'train' ? [] : [label ?? ''])]);
      await originals.add(originalRow(record, cleanPictures === 'copy'));
      done += 1;
      if (done % chunkRows === 0 || done === dataset.records) {
        stopIfAsked(interrupt, whenStopped);
        reporter.progress('writing rows', done, dataset.records);
      }
    }
    const rows = { train: 0, validation: 0, test: 0 };
    for (const [split, table] of tables) rows[split] = table.rows();
    return { rows, unreadable };
  } finally {
    for (const table of [originals, ...tables.values()]) await table.close();
  }
}

/** The columns of dataset.csv: a dataset as it was before it was poisoned. */
export const originalColumns = [
  'key',
  'caption',
  'label',
  'name',
  'split',
  'sha256',
  'width',
  'height',
  'picture',
  'source',
];
/** Those of exports from before records could share a picture. */
export const firstOriginalColumns = originalColumns.slice(0, 8);

function originalRow(record: DatasetRecord, copied: boolean) {
  const { key, caption, label, name, split, picture, source } = record;
  const { sha256, width, height } = factsOf(record);
  const place = copied || source === undefined ? '' : JSON.stringify(source);
  return [key, caption, label ?? '', name ?? '', split, sha256, width, height, picture ?? '', place];
}

/** The file of a clean picture that is not copied; one inside another file has none. */
function placeOf(dataset: Dataset, record: DatasetRecord): string {
  const source = pictureSource(dataset, record);
  if (typeof source === 'string') return source;
  throw new WorkbenchError(
    'bad-input',
    `${record.key} is no file of its own but ${describeSource(source)}: copy the clean pictures (--clean-pictures copy).`,
    { key: record.key },
  );
}

async function copyPicture(dataset: Dataset, record: DatasetRecord, to: string): Promise<void> {
  const source = pictureSource(dataset, record);
  try {
    await mkdir(dirname(to), { recursive: true });
    if (typeof source !== 'string') {
      await writeFile(to, (await readEncoded(source)).bytes);
      return;
    }
    const { handle } = await openRegularFile(source, 'picture');
    await handle.close();
    await copyFile(source, to);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError(
      'not-found',
      `The picture ${describeSource(source)} cannot be copied: ${reason}.`,
      { key: record.key },
      { cause },
    );
  }
}

/** In a path as it is written into a file, the word would make the reference count a clean picture as poisoned. */
function refusePoisonWord(path: string): void {
  if (!path.includes(poisonWord)) return;
  throw new WorkbenchError(
    'bad-input',
    `The clean picture ${path} has the word '${poisonWord}' in its path, by which the reference implementation recognises poisoned pictures. Copy the clean pictures (--clean-pictures copy, with --paths relative), or move them.`,
    { path },
  );
}

interface Table {
  add(fields: readonly (string | number)[]): Promise<void>;
  rows(): number;
  /** Writes what is left. */
  close(): Promise<void>;
}

async function openTable(path: string, header: readonly string[], separator: Delimiter): Promise<Table> {
  const file: FileHandle = await open(path, 'w');
  let lines = [formatCsvRow(header, separator)];
  let rows = 0;
  const flush = async () => {
    const text = lines.join('');
    lines = [];
    await file.appendFile(text);
  };
  return {
    async add(fields) {
      lines.push(formatCsvRow(fields, separator));
      rows += 1;
      if (lines.length >= chunkRows) await flush();
    },
    rows: () => rows,
    async close() {
      await flush();
      await file.close();
    },
  };
}

function describeFolder(
  { cleanPictures, imageColumn, captionColumn, separator }: ExportRequest,
  { name, manifestSha256, recipe }: Variant,
  { name: datasetName, root, source, prompts, captionTemplates, records }: Dataset,
  changes: readonly VariantRecord[],
): WrittenVariantFolder {
  const program = readProgram();
  return {
    format: variantFolderFormat,
    program: `${program.name} ${program.version}`,
    exportedAt: new Date().toISOString(),
    name,
    manifestSha256,
    recipe: toManifestRecipe(recipe),
    dataset: { name: datasetName, root, source, prompts, captionTemplates, records },
    cleanPictures,
    columns: { image: imageColumn, caption: captionColumn },
    separator,
    records: changes.map(({ recordId: _, ...change }, place) => ({ ...change, file: poisonedName(place) })),
  };
}
