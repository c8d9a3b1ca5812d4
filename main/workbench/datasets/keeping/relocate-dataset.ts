import { statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Dataset, type DatasetRecord, type DatasetSource, pictureKeyOf } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { RecordSource } from '#contract/picture-source.ts';
import { groupBy } from '#core/group-by.ts';
import { type MovedPicture, moveDataset } from '#db/datasets/dataset-move.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import type { FoundPicture } from '#db/datasets/record-states.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { hashContent, holdsPicture } from '#main/data/decoding/read-apart.ts';
import { mapInOrder, pictureConcurrency } from '#main/data/map-in-order.ts';
import { hashJpeg } from '#main/data/pictures/picture-identity.ts';
import { hasPictureName, walkFiles } from '#main/data/readers/look.ts';
import { readContent } from '#main/data/sources/read-content.ts';
import { pictureSource } from '../../engine/engine-records.ts';
import { stopIfAsked } from '../../engine/interrupts.ts';
import type { JobContext } from '../../engine/job-context.ts';
import type { Workspace } from '../../workspace.ts';
import { refuseUnchecked } from '../looked-at.ts';

export interface RelocateRequest {
  /** Name or id. */
  dataset: string;
  /** The folder that the pictures are in now. */
  root: string;
  /** Relocate it too where some pictures are not there; they are marked. */
  partial: boolean;
}

export interface RelocateOutcome {
  dataset: Dataset;
  /** Records whose picture is there with the pixels of the import. */
  found: number;
  /** Those of them whose picture has another name or folder, and was found by its pixels. */
  renamed: number;
  missing: number;
  /** Their file is there with other pixels. */
  changed: number;
  /** The first that are not as they were, at most a thousand. */
  lost: { key: string; state: FoundPicture }[];
}

const shownLost = 1000;

/** Where a record's picture is now; `source`: not where its key says. */
type Place = { state: 'ready'; source?: RecordSource } | { state: FoundPicture };

/**
 * Tells a dataset where its pictures are now. Each is compared with the pixels of the import; those that have another
 * name or folder there are found by their pixels. Keys stay as they were, so variants and runs do too.
 * @throws WorkbenchError `not-found` for the dataset or the folder; `conflict` where nobody has looked at its pictures; `bad-input` where pictures are not there, unless
 *   `partial`, and always where none is; `cancelled`, which changes nothing
 */
export async function relocateDataset(
  { db }: Workspace,
  { dataset: nameOrId, root: written, partial }: RelocateRequest,
  context: JobContext,
): Promise<RelocateOutcome> {
  const dataset = findDataset(db, nameOrId);
  const path = resolve(written);
  if (!isFolder(path)) {
    throw new WorkbenchError('not-found', `There is no folder ${path}: name the one that has the pictures.`, {
      path,
    });
  }
  const inside = join(path, innerFolder(dataset) ?? '');
  const root = isFolder(inside) ? inside : path;
  refuseUnchecked(dataset, 'they cannot be known again in another folder');
  const places = await lookThere(db, dataset, root, context);
  const left = [...places].filter(([, { state }]) => state !== 'ready').map(([key]) => key);
  if (left.length > 0) await findByPixels(db, dataset, root, places, context);
  const outcome = summarise(iterateRecords(db, dataset.id), places);
  if (outcome.found === 0 || (!partial && outcome.missing + outcome.changed > 0)) {
    throw notThere(dataset, root, outcome);
  }
  const moved = moveDataset(db, dataset.id, {
    root,
    source: movedSource(dataset, root),
    pictures: [...places].flatMap(([picture, place]): MovedPicture[] =>
      place.state === 'ready' && place.source !== undefined ? [{ picture, source: place.source }] : [],
    ),
    states: [...iterateRecords(db, dataset.id)].flatMap((record) => {
      const state = places.get(pictureKeyOf(record))?.state ?? 'missing';
      return state === 'ready' ? [] : [{ recordId: record.id, state }];
    }),
  });
  return { dataset: moved, ...outcome };
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** The folder inside the one that was imported that keys are relative to, where that is another one (its images/); null else. */
function innerFolder({ root, source }: Dataset): string | null {
  const inner = 'path' in source ? relative(source.path, root) : '';
  return inner === '' || inner.startsWith('..') || isAbsolute(inner) ? null : inner;
}

/** Each picture at the same place below the new root. */
async function lookThere(
  db: Workspace['db'],
  dataset: Dataset,
  root: string,
  context: JobContext,
): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  const pictures = new Map<string, DatasetRecord>();
  for (const record of iterateRecords(db, dataset.id)) pictures.set(pictureKeyOf(record), record);
  let done = 0;
  const looked = mapInOrder(pictures, pictureConcurrency, async ([picture, record]) => {
    stopIfAsked(context.interrupt, whenStopped);
    const source = sourceBelow(dataset, record);
    const state = await compare(dataset, { ...record, ...(source && { source }) }, root);
    return { picture, place: state === 'ready' && source !== null ? { state, source } : { state } };
  });
  for await (const { picture, place } of looked) {
    places.set(picture, place);
    done += 1;
    context.reporter.progress('looking at pictures', done, pictures.size);
  }
  return places;
}

/** What a picture with an absolute path needs, to be found below a new root; null for the others. */
function sourceBelow({ root }: Dataset, record: DatasetRecord): RecordSource | null {
  const path = record.source?.path ?? pictureKeyOf(record);
  if (!isAbsolute(path)) return null;
  const inside = relative(root, path);
  if (inside.startsWith('..') || isAbsolute(inside)) return null;
  const below = inside.split(sep).join('/');
  return record.source === undefined ? { kind: 'file', path: below } : { ...record.source, path: below };
}

/** Those that are not there by name are sought among all pictures below the new root by their pixels. */
async function findByPixels(
  db: Workspace['db'],
  dataset: Dataset,
  root: string,
  places: Map<string, Place>,
  context: JobContext,
): Promise<void> {
  const keys = [...walkFiles(root)].filter(({ loops }) => !loops).map(({ key }) => key);
  const wanted = new Map<string, DatasetRecord>();
  for (const record of iterateRecords(db, dataset.id)) {
    if (places.get(pictureKeyOf(record))?.state !== 'ready') wanted.set(pictureKeyOf(record), record);
  }
  const byName = groupBy(keys, (key) => basename(key));
  const bySha = new Map<string, string>();
  const files = [...wanted.values()].some(({ source }) => source === undefined || source.kind === 'file');
  const hashesWanted = new Set([...wanted.values()].flatMap(({ sha256 }) => sha256 ?? []));
  const candidates = files ? keys.filter(hasPictureName) : [];
  let done = 0;
  const hashed = mapInOrder(candidates, pictureConcurrency, async (key) => {
    stopIfAsked(context.interrupt, whenStopped);
    return { key, hashes: await hashesOf(join(root, key), hashesWanted) };
  });
  for await (const { key, hashes } of hashed) {
    for (const sha256 of hashes) if (!bySha.has(sha256)) bySha.set(sha256, key);
    done += 1;
    context.reporter.progress('seeking pictures by their pixels', done, candidates.length);
  }
  for (const [picture, record] of wanted) {
    const { source } = record;
    if (source === undefined || source.kind === 'file') {
      const path = bySha.get(record.sha256 ?? '');
      if (path !== undefined) places.set(picture, { state: 'ready', source: { kind: 'file', path } });
      continue;
    }
    for (const path of byName.get(basename(source.path)) ?? []) {
      stopIfAsked(context.interrupt, whenStopped);
      const there: RecordSource = { ...source, path };
      if ((await compare(dataset, { ...record, source: there }, root)) !== 'ready') continue;
      places.set(picture, { state: 'ready', source: there });
      break;
    }
  }
}

async function compare(dataset: Dataset, record: DatasetRecord, root: string): Promise<Place['state']> {
  try {
    const source = pictureSource({ ...dataset, root }, record);
    return (await holdsPicture(source, record.sha256)) ? 'ready' : 'changed';
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return error.kind === 'not-found' ? 'missing' : 'changed';
  }
}

/** All that a picture file may be known by; of a JPEG whose bytes are wanted no more, and none of what is no picture. */
async function hashesOf(path: string, wanted: ReadonlySet<string>): Promise<string[]> {
  try {
    const content = await readContent(path);
    const ofJpeg = hashJpeg(content);
    if (ofJpeg !== null && wanted.has(ofJpeg)) return [ofJpeg];
    return [await hashContent(content, path)];
  } catch (error) {
    if (error instanceof WorkbenchError) return [];
    throw error;
  }
}

function summarise(
  records: Iterable<DatasetRecord>,
  places: ReadonlyMap<string, Place>,
): Omit<RelocateOutcome, 'dataset'> {
  const outcome: Omit<RelocateOutcome, 'dataset'> = {
    found: 0,
    renamed: 0,
    missing: 0,
    changed: 0,
    lost: [],
  };
  for (const record of records) {
    const place = places.get(pictureKeyOf(record)) ?? { state: 'missing' };
    if (place.state === 'ready') {
      outcome.found += 1;
      if (place.source !== undefined) outcome.renamed += 1;
      continue;
    }
    outcome[place.state] += 1;
    if (outcome.lost.length < shownLost) outcome.lost.push({ key: record.key, state: place.state });
  }
  return outcome;
}

function notThere(
  { name, id }: Dataset,
  root: string,
  { found, missing, changed, lost }: Omit<RelocateOutcome, 'dataset'>,
): WorkbenchError {
  const first = lost
    .slice(0, 5)
    .map(({ key, state }) => `\n  ${key}: ${state === 'missing' ? 'is not there' : 'has other pixels'}`);
  const remedy =
    found === 0
      ? 'Name the folder that has them.'
      : `${found} are there: give --yes to relocate the dataset all the same and mark the others.`;
  return new WorkbenchError(
    'bad-input',
    `Dataset '${name}' stays where it was: below ${root}, ${missing} of its pictures are missing and ${changed} are other pictures. ${remedy}${first.join('')}`,
    { datasetId: id, root, found, missing, changed, lost },
  );
}

/** Where a re-import reads it from, if that moved too. */
function movedSource(dataset: Dataset, root: string): DatasetSource {
  const { root: before, source } = dataset;
  if (!('path' in source)) return source;
  const inner = innerFolder(dataset);
  const inside = relative(before, source.path);
  if (inner === null && (inside.startsWith('..') || isAbsolute(inside))) return source;
  if (inner !== null && !root.endsWith(`${sep}${inner}`)) return source;
  const path = inner === null ? join(root, inside) : root.slice(0, -inner.length - 1);
  return statSync(path, { throwIfNoEntry: false }) === undefined ? source : { ...source, path };
}

const whenStopped = 'The dataset is where it was.';
