import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import {
  type Dataset,
  type DatasetRecord,
  pictureKeyOf,
  type Split,
  splitSchema,
} from '#contract/dataset.ts';
import type { ExportFormat } from '#contract/dataset-export.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { groupBy } from '#core/group-by.ts';
import { findDataset, locateDataset } from '#db/datasets/datasets.ts';
import { iteratePictures } from '#db/datasets/duplicates.ts';
import { readPictureRecords, readRecords } from '#db/datasets/record-rows.ts';
import { countRecords } from '#db/datasets/records.ts';
import { isSamePicture } from '#main/data/decoding/read-apart.ts';
import type { ExportedPicture, PartWriter } from '#main/data/export/exported-picture.ts';
import { classParts, csvHeader, csvParts, partTable } from '#main/data/export/folder-writers.ts';
import { parquetParts } from '#main/data/export/parquet-writer.ts';
import { tarParts } from '#main/data/export/tar-writer.ts';
import { mapInOrder, pictureConcurrency } from '#main/data/map-in-order.ts';
import { walkFiles } from '#main/data/readers/look.ts';
import { encodedOf, readContent } from '#main/data/sources/read-content.ts';
import { readCsvRows } from '#main/data/tables/csv-rows.ts';
import { formatCsvRow } from '#main/data/tables/csv-text.ts';
import { pictureSource } from '../../engine/engine-records.ts';
import { stopIfAsked } from '../../engine/interrupts.ts';
import type { JobContext } from '../../engine/job-context.ts';
import type { Workspace } from '../../workspace.ts';
import { factsOf, refuseUnchecked } from '../looked-at.ts';
import { type ExportState, openExport, saveState } from './export-state.ts';

export interface DatasetExportRequest {
  /** Name or id. */
  dataset: string;
  folder: string;
  format: ExportFormat;
  /** Pictures of a tar, a Parquet file or a folder. */
  picturesPerPart?: number;
}

export interface DatasetExportOutcome {
  dataset: Dataset;
  /** Absolute. */
  folder: string;
  parts: number;
  /** Parts that an earlier export, which was cut short, had written. */
  resumed: number;
}

const usualPictures = 1000;

const writers = {
  csv: csvParts,
  webdataset: tarParts,
  parquet: parquetParts,
  'class-folders': classParts,
} satisfies Record<ExportFormat, PartWriter>;

/**
 * Writes a dataset with its pictures, part by part; a part has its name only once it is whole. The same export into the
 * same folder goes on where one was stopped or killed. Picture files are copied byte for byte, so that what is read back
 * has the same hashes.
 * @throws WorkbenchError `not-found`; `conflict` where the folder holds something else, or nobody has looked at the pictures; `bad-input` where pictures have no
 *   class that class folders need; `corrupt-file` where a picture has changed since the import; `cancelled`, which
 *   keeps the parts that are whole
 */
export async function exportDataset(
  { db }: Pick<Workspace, 'db'>,
  { dataset: nameOrId, folder: written, format, picturesPerPart = usualPictures }: DatasetExportRequest,
  context: JobContext,
): Promise<DatasetExportOutcome> {
  const dataset = findDataset(db, nameOrId);
  refuseUnchecked(dataset, 'it cannot be exported');
  if (format === 'class-folders') refuseClasses(db, dataset);
  const folder = resolve(written);
  const { id: datasetId, name, records } = dataset;
  let state = await openExport(folder, { datasetId, dataset: name, format, records, picturesPerPart });
  const resumed = state.parts.length;
  await saveState(folder, state);
  const writer = writers[format];
  let done = 0;
  const bySplit = firstRecords(db, dataset);
  for (const split of splitSchema.options) {
    let part = 0;
    for (const ids of inParts(bySplit[split], picturesPerPart)) {
      stopIfAsked(context.interrupt, `What is whole stays in ${folder}; the same export goes on from there.`);
      const partName = writer.name(split, part);
      part += 1;
      done += ids.length;
      if (!state.parts.includes(partName)) {
        await writePart(folder, partName, writer, readPictures({ db }, dataset, split, ids, context));
        if (format === 'class-folders') await moveOut(folder, partName);
        state = { ...state, parts: [...state.parts, partName] };
        await saveState(folder, state);
      }
      context.reporter.progress('writing pictures', done, dataset.pictures);
    }
  }
  if (format === 'csv') await joinTables(folder, state);
  await rm(join(folder, '.parts'), { recursive: true, force: true });
  await saveState(folder, { ...state, complete: true });
  return { dataset, folder, parts: state.parts.length, resumed };
}

async function writePart(
  folder: string,
  name: string,
  writer: PartWriter,
  pictures: AsyncIterable<ExportedPicture>,
): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await rm(`${path}.partial`, { recursive: true, force: true });
  await writer.write(`${path}.partial`, pictures);
  await rm(path, { recursive: true, force: true });
  await rename(`${path}.partial`, path);
}

/** Moves a part's files to where they belong; where it was cut short before, the same files again. */
async function moveOut(folder: string, part: string): Promise<void> {
  for (const { key } of walkFiles(join(folder, part))) {
    const to = join(folder, key);
    await mkdir(dirname(to), { recursive: true });
    await rename(join(folder, part, key), to);
  }
  await rm(join(folder, part), { recursive: true, force: true });
}

/** One table of all pairs from those of the parts, which then go. */
async function joinTables(folder: string, { parts }: ExportState): Promise<void> {
  const path = join(folder, partTable);
  const tables = parts.map((part) => ({ part, table: join(folder, part, partTable) }));
  const present = new Set<string>();
  for (const { part } of tables) {
    if ((await readdir(join(folder, part))).includes(partTable)) present.add(part);
  }
  // They go only once the whole is written: where one is gone, so it is.
  if (present.size === parts.length) {
    const file = createWriteStream(`${path}.partial`);
    file.write(formatCsvRow(csvHeader, ','));
    for (const { part, table } of tables) {
      for await (const { row, fields } of readCsvRows(table, ',')) {
        if (row === 1 || fields === null) continue;
        const [image = '', ...rest] = fields;
        if (!file.write(formatCsvRow([`${part}/${image}`, ...rest], ','))) await once(file, 'drain');
      }
    }
    file.end();
    await finished(file);
    await rename(`${path}.partial`, path);
  }
  for (const { table } of tables) await rm(table, { force: true });
}

/** The first record of each picture in each split. */
function firstRecords(db: Workspace['db'], dataset: Dataset): Record<Split, number[]> {
  const found: Record<Split, number[]> = { train: [], validation: [], test: [] };
  for (const picture of iteratePictures(db, locateDataset(db, dataset.id).number)) {
    found[picture.split].push(picture.record);
  }
  return found;
}

function* inParts(ids: Iterable<number>, size: number): Generator<number[], void> {
  let part: number[] = [];
  for (const id of ids) {
    part.push(id);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** Pictures with their pairs of a split; one with pairs of several classes comes once for each. */
async function* readPictures(
  { db }: Pick<Workspace, 'db'>,
  dataset: Dataset,
  split: Split,
  ids: readonly number[],
  { interrupt }: JobContext,
): AsyncGenerator<ExportedPicture, void> {
  const alone = dataset.records === dataset.pictures;
  const pairs = mapInOrder(readRecords(db, ids), pictureConcurrency, async (record) => {
    stopIfAsked(interrupt, 'Parts that are whole stay; the same export goes on from there.');
    const all = alone ? [record] : readPictureRecords(db, dataset.id, pictureKeyOf(record));
    return { all: all.filter((one) => one.split === split), file: await readWhole(dataset, record) };
  });
  for await (const { all, file } of pairs) {
    for (const [label, records] of groupBy(all, (record) => record.label)) {
      const [first] = records;
      if (first === undefined) continue;
      const facts = factsOf(first);
      const captions = records.map(({ caption }) => caption);
      yield { key: pictureKeyOf(first), split, label, captions, ...facts, ...file };
    }
  }
}

/** A picture's file as it was imported. */
async function readWhole(
  dataset: Dataset,
  record: DatasetRecord,
): Promise<{ bytes: Buffer; suffix: string }> {
  const source = pictureSource(dataset, record);
  const content = await readContent(source);
  if (await isSamePicture(content, source, factsOf(record).sha256)) return encodedOf(content);
  throw new WorkbenchError(
    'corrupt-file',
    `The picture of record ${record.key} has changed since the import: put it back, or leave the record out, then export again.`,
    { key: record.key },
  );
}

/** Class folders need a class for every picture, with a name that a folder can have. */
function refuseClasses(db: Workspace['db'], { id, name, classes, records }: Dataset): void {
  const wrong = classes.find((one) => /[/\\\0]|^\.|^\s|\s$/.test(one));
  if (wrong !== undefined) {
    throw new WorkbenchError(
      'bad-input',
      `Class '${wrong}' of '${name}' cannot be a folder's name: choose another format.`,
      { class: wrong },
    );
  }
  const labelled = countRecords(db, id, { labelled: true });
  if (labelled === records) return;
  throw new WorkbenchError(
    'bad-input',
    `${records - labelled} of the ${records} pairs of '${name}' have no class, which class folders need: choose csv, webdataset or parquet.`,
    { records, labelled },
  );
}
