import { join, resolve } from 'node:path';
import { type Dataset, type NewRecord, recordSchema } from '#contract/dataset.ts';
import { toWireError, WorkbenchError } from '#contract/errors.ts';
import { fileOf } from '#contract/picture-source.ts';
import type { Variant, VariantRecord } from '#contract/variant.ts';
import { type VariantFolder, variantFolderSchema } from '#contract/variant-folder.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { deleteDataset } from '#db/datasets/dataset-removal.ts';
import { findDataset, listDatasets } from '#db/datasets/datasets.ts';
import { readRecordsByKey } from '#db/datasets/record-choice.ts';
import { insertVariant, listVariants } from '#db/variants/variants.ts';
import { hashContent, holdsPicture } from '#main/data/decoding/read-apart.ts';
import { readRegularFile } from '#main/data/files/open-regular-file.ts';
import { mapInOrder, pictureConcurrency } from '#main/data/map-in-order.ts';
import { readContent } from '#main/data/sources/read-content.ts';
import { readCsvRows } from '#main/data/tables/csv-rows.ts';
import { factsOf } from '../datasets/looked-at.ts';
import { pictureSource } from '../engine/engine-records.ts';
import { stopIfAsked } from '../engine/interrupts.ts';
import type { JobContext } from '../engine/job-context.ts';
import { freeName } from '../names.ts';
import type { Workspace } from '../workspace.ts';
import { firstOriginalColumns, originalColumns } from './export-variant.ts';
import { cleanFolder, keepsItsKey } from './exported-names.ts';
import { hashManifest } from './manifest.ts';
import { hashRendered } from './render-record.ts';

export interface VariantImportRequest {
  folder: string;
  /** Name or id of the dataset that the variant is of; null brings the folder's own along. */
  dataset: string | null;
  /** null takes the exported name, with a number where it is taken. */
  name: string | null;
}

const whenStopped = 'Nothing was kept.';
const batchRecords = 1_000;

/** Of manifest.json: some million changed records. */
const maxManifestBytes = 2 ** 29;

/**
 * Brings an exported variant back, with its dataset or into one that is here; the manifest's hash is that of the
 * export. Every picture is looked at: those with triggers are rendered again from the dataset's originals and must
 * equal what the manifest and the folder have.
 *
 * @throws WorkbenchError `not-found`; `corrupt-file` where the folder is not as it was written; `bad-input` where the
 *   dataset is another; `conflict` where the name is taken; `cancelled`
 */
export async function importVariant(
  workspace: Workspace,
  request: VariantImportRequest,
  context: JobContext,
): Promise<Variant> {
  const { db } = workspace;
  const folder = resolve(request.folder);
  const manifest = await readManifest(folder);
  const own = request.dataset === null ? await importOriginals(workspace, folder, manifest, context) : null;
  try {
    const dataset = own ?? findDataset(db, request.dataset ?? '');
    const records = await matchRecords(workspace, folder, manifest, dataset, context);
    const taken = new Set(listVariants(db).map(({ name }) => name));
    return insertVariant(
      db,
      {
        name: request.name ?? freeName(manifest.name, taken),
        datasetId: dataset.id,
        recipe: manifest.recipe,
        manifestSha256: manifest.manifestSha256,
      },
      records,
    );
  } catch (error) {
    if (own !== null) await deleteDataset(db, own.id);
    throw error;
  }
}

async function readManifest(folder: string): Promise<VariantFolder> {
  const path = join(folder, 'manifest.json');
  let text: string;
  try {
    text = (await readRegularFile(path, maxManifestBytes)).toString('utf8');
  } catch (cause) {
    if (!(cause instanceof WorkbenchError) || cause.kind !== 'not-found') throw cause;
    throw new WorkbenchError(
      'not-found',
      `There is no ${path}: name a folder that the export of a variant wrote.`,
      { path },
      { cause },
    );
  }
  let manifest: VariantFolder;
  try {
    manifest = variantFolderSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw damaged(path, 'it is not what the export of a variant writes', cause);
  }
  const found = hashManifest(manifest.recipe, manifest.records);
  if (found === manifest.manifestSha256) return manifest;
  throw damaged(path, `its hash is ${found}, not ${manifest.manifestSha256}`);
}

/** The dataset as it was before it was poisoned, from dataset.csv; every picture is decoded and compared. */
async function importOriginals(
  workspace: Workspace,
  folder: string,
  { dataset, cleanPictures }: VariantFolder,
  { reporter, interrupt }: JobContext,
): Promise<Dataset> {
  const { db } = workspace;
  const root = cleanPictures === 'copy' ? join(folder, cleanFolder) : dataset.root;
  async function* batches(): AsyncGenerator<NewRecord[], void> {
    let batch: NewRecord[] = [];
    let done = 0;
    const looked = mapInOrder(
      readOriginals(join(folder, 'dataset.csv')),
      pictureConcurrency,
      async (record) => {
        if (cleanPictures === 'copy' && !keepsItsKey(record.key)) {
          throw new WorkbenchError(
            'bad-input',
            `The dataset of this folder cannot be brought along: its picture ${record.key} lay outside the dataset's folder. Import into the dataset itself with --dataset.`,
            { key: record.key },
          );
        }
        await compareOriginal(root, record);
        return record;
      },
    );
    for await (const record of looked) {
      stopIfAsked(interrupt, whenStopped);
      batch.push(record);
      done += 1;
      reporter.progress('reading pictures', done, dataset.records);
      if (batch.length < batchRecords) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }
  const taken = new Set(listDatasets(db).map(({ name }) => name));
  const { prompts, captionTemplates, source } = dataset;
  return importDataset(
    db,
    { name: freeName(dataset.name, taken), source, root, prompts, captionTemplates },
    batches(),
  );
}

async function* readOriginals(path: string): AsyncGenerator<NewRecord, void> {
  let header = true;
  try {
    for await (const { row, fields, problem } of readCsvRows(path, ',')) {
      if (fields === null) throw damaged(path, `row ${row} ${problem}`);
      if (header) {
        header = false;
        const found = fields.join(',');
        if (found !== originalColumns.join(',') && found !== firstOriginalColumns.join(','))
          throw damaged(path, 'its columns are others');
        continue;
      }
      const [key, caption, label, name, split, sha256, width, height, picture = '', source = ''] = fields;
      const parsed = recordSchema.safeParse({
        key,
        caption,
        label: label === '' ? null : label,
        name: name === '' ? null : name,
        split,
        sha256,
        width: Number(width),
        height: Number(height),
        ...(picture === '' ? {} : { picture }),
        ...(source === '' ? {} : { source: parseSource(path, row, source) }),
      });
      if (!parsed.success) throw damaged(path, `row ${row} is no record`);
      yield parsed.data;
    }
  } catch (cause) {
    if (cause instanceof WorkbenchError) throw cause;
    throw new WorkbenchError(
      'not-found',
      `${path} cannot be read: export the variant again.`,
      { path },
      { cause },
    );
  }
}

function parseSource(path: string, row: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(path, `row ${row} has no source that can be read`, cause);
  }
}

async function compareOriginal(root: string, record: NewRecord): Promise<void> {
  const { key } = record;
  const source = pictureSource({ root }, record);
  const path = fileOf(source);
  if (await holdsPicture(source, factsOf(record).sha256)) return;
  throw new WorkbenchError(
    'corrupt-file',
    `${path} is not the picture that was exported: put it back as it was, or export again.`,
    { path, key },
  );
}

/** The records of the dataset that the manifest changes, each compared with it. */
async function matchRecords(
  { db }: Workspace,
  folder: string,
  { records, recipe }: VariantFolder,
  dataset: Dataset,
  { reporter, interrupt }: JobContext,
): Promise<VariantRecord[]> {
  const matched: VariantRecord[] = [];
  const looked = mapInOrder(records, pictureConcurrency, async ({ file, ...change }) => {
    const [original] = readRecordsByKey(db, dataset.id, [change.key]);
    const { key, part, renderedSha256 } = change;
    const reason =
      original === undefined
        ? 'it has no such record'
        : original.caption !== change.oldCaption
          ? `its caption is ${JSON.stringify(original.caption)}, not ${JSON.stringify(change.oldCaption)}`
          : await compareRendered(() => hashRendered(dataset, recipe, original, part), renderedSha256);
    if (reason !== null || original === undefined) {
      throw new WorkbenchError(
        'bad-input',
        `The variant is not of dataset '${dataset.name}': of ${key}, ${reason}. Name the dataset that it was made of, or leave --dataset out to bring it along.`,
        { key, datasetId: dataset.id },
      );
    }
    const path = join(folder, file);
    const inFile = await compareRendered(
      async () => hashContent(await readContent(path), path),
      renderedSha256,
    );
    if (inFile !== null) throw damaged(path, inFile);
    return { recordId: original.id, ...change };
  });
  for await (const change of looked) {
    stopIfAsked(interrupt, whenStopped);
    matched.push(change);
    reporter.progress('rendering again', matched.length, records.length);
  }
  return matched;
}

/** null where the picture has the hash, else why not. */
async function compareRendered(hash: () => Promise<string>, expected: string): Promise<string | null> {
  try {
    const found = await hash();
    return found === expected ? null : `the picture with its trigger has the hash ${found}, not ${expected}`;
  } catch (error) {
    return `the picture cannot be made: ${toWireError(error).message}`;
  }
}

function damaged(path: string, reason: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'corrupt-file',
    `${path} is not as it was written: ${reason}. Export the variant again.`,
    { path, reason },
    { cause },
  );
}
