import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { type NewDataset, type NewRecord, recordSchema } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { isAlive } from '../files/left-overs.ts';
import { mapInOrder, pictureConcurrency } from '../map-in-order.ts';
import { encodePng } from '../pictures/decode-picture.ts';
import { attribution } from './attribution.ts';
import type { EmojiPair } from './emoji-pair.ts';
import { type EmojiPackage, emojiRecipe } from './emoji-recipe.ts';
import { fetchPackage } from './fetch-package.ts';
import { layOnWhite } from './lay-on-white.ts';
import { emojiTableSchema, listEmoji, vendors, wordTableSchema } from './list-emoji.ts';
import { readTarball } from './tarball.ts';

export interface EmojiOptions {
  /** `phase` is a few words for the person: packages fetched, or pictures converted, out of `total`. */
  onProgress?: (progress: { phase: string; done: number; total: number }) => void;
  signal?: AbortSignal;
}

export interface EmojiDataset {
  newDataset: Omit<NewDataset, 'name'>;
  /** 6,972 of them: 5,772 train, 1,200 test. */
  records: NewRecord[];
}

const recordsName = 'records.json';
const attributionName = 'ATTRIBUTION.md';

/** What the folder holds beside its pictures; paths below it, with `/`. */
export const emojiCompanions: readonly string[] = [
  recordsName,
  attributionName,
  ...['emoji-google', 'emoji-twitter', 'emojibase-en'].map((table) => `tables/${table}.json`),
  ...['emoji-datasource-google', 'emoji-datasource-twitter', 'emojibase-data'].flatMap((name) => [
    `licences/${name}-LICENSE`,
    `licences/${name}-README.md`,
  ]),
];
const side = 64;

/**
 * The demo's dataset in `folder`: made from npm packages the first time, which needs the network, and read from
 * there ever after. The folder holds the 64 px pictures on white as RGB PNG (google/, twitter/), the tables, the
 * records, licences and attribution. It appears whole or not at all; what a killed call leaves is removed by the
 * next.
 *
 * Errors: `conflict` where the folder holds other files, `unavailable` without npm or network, `corrupt-file` for a package that is not the expected one,
 * `cancelled`.
 */
export async function buildEmojiDataset(folder: string, options: EmojiOptions = {}): Promise<EmojiDataset> {
  const root = resolve(folder);
  const records = (await readFinished(root)) ?? (await buildAnew(root, options));
  return {
    newDataset: {
      source: { kind: 'emoji', packages: { ...emojiRecipe.packages } },
      root,
      prompts: [...emojiRecipe.prompts],
      captionTemplates: [...emojiRecipe.captionTemplates],
      picturesMade: true,
    },
    records,
  };
}

/** The records of a finished folder; null where there is none or a picture is gone. */
async function readFinished(root: string): Promise<NewRecord[] | null> {
  const stored = await readFile(join(root, recordsName), 'utf8').catch(() => null);
  if (stored === null) return null;
  const records = z.array(recordSchema).parse(JSON.parse(stored));
  const present = new Set<string>();
  for (const vendor of vendors) {
    for (const name of await readdir(join(root, vendor)).catch(() => [])) present.add(`${vendor}/${name}`);
  }
  return records.every(({ key }) => present.has(key)) ? records : null;
}

async function buildAnew(root: string, options: EmojiOptions): Promise<NewRecord[]> {
  await removeLeftovers(root);
  await refuseForeign(root);
  const partial = `${root}.partial-${process.pid}`;
  await mkdir(partial, { recursive: true });
  try {
    const records = await fill(partial, options);
    await putInPlace(partial, root, records);
    return records;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/**
 * A folder of this name that somebody else filled stays as it is.
 * @throws WorkbenchError `conflict`
 */
async function refuseForeign(root: string): Promise<void> {
  const found = await namesIn(root);
  if (found.length === 0 || found.includes(attributionName)) return;
  throw new WorkbenchError(
    'conflict',
    `The emoji pictures go into ${root}, but other files are there: move that folder away, or use another workspace (--workspace).`,
    { path: root },
  );
}

/** Where a picture was lost, all are put anew over what is there; other files in the folder stay. */
async function putInPlace(partial: string, root: string, records: readonly NewRecord[]): Promise<void> {
  if ((await namesIn(root)).length === 0) {
    await rm(root, { recursive: true, force: true });
    await rename(partial, root);
    return;
  }
  const [last, ...companions] = emojiCompanions;
  await rm(join(root, recordsName), { force: true });
  for (const file of [...companions, ...records.map(({ key }) => key), last ?? recordsName]) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await rename(join(partial, file), join(root, file));
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Folders that dead processes left half made. */
async function removeLeftovers(root: string): Promise<void> {
  const parent = dirname(root);
  const prefix = `${basename(root)}.partial-`;
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = Number(name.slice(prefix.length));
    if (!name.startsWith(prefix) || (pid !== process.pid && isAlive(pid))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function fill(folder: string, options: EmojiOptions): Promise<NewRecord[]> {
  const { google, twitter, words } = await fetchAll(folder, options);
  await writeCompanions(folder, { google, twitter, words });
  const tables = {
    google: emojiTableSchema.parse(parseTable(google, 'emoji.json')),
    twitter: emojiTableSchema.parse(parseTable(twitter, 'emoji.json')),
  };
  const pairs = listEmoji(tables, wordTableSchema.parse(parseTable(words, 'en/data.json')));
  for (const vendor of vendors) await mkdir(join(folder, vendor));

  const records: NewRecord[] = [];
  const written = mapInOrder(pairs, pictureConcurrency, async (pair) => {
    throwIfCancelled(options.signal);
    const [vendor, image] = pair.key.split('/');
    const files = vendor === 'google' ? google : twitter;
    return writePicture(folder, pair, fileOf(files, `img/${vendor}/${side}/${image}`));
  });
  for await (const record of written) {
    records.push(record);
    options.onProgress?.({ phase: 'converting emoji pictures', done: records.length, total: pairs.length });
  }
  await writeFile(join(folder, recordsName), JSON.stringify(records));
  return records;
}

type PackageFiles = Map<string, Uint8Array>;

async function fetchAll(
  folder: string,
  { onProgress, signal }: EmojiOptions,
): Promise<{ google: PackageFiles; twitter: PackageFiles; words: PackageFiles }> {
  const total = Object.keys(emojiRecipe.packages).length;
  let done = 0;
  onProgress?.({ phase: 'fetching emoji packages', done, total });
  const stopAll = new AbortController();
  const either = signal === undefined ? stopAll.signal : AbortSignal.any([signal, stopAll.signal]);
  const fetchOne = async (name: EmojiPackage): Promise<PackageFiles> => {
    const files = await readTarball(await fetchPackage(name, folder, either), name);
    done += 1;
    onProgress?.({ phase: 'fetching emoji packages', done, total });
    return files;
  };
  const fetches = [
    fetchOne('emoji-datasource-google'),
    fetchOne('emoji-datasource-twitter'),
    fetchOne('emojibase-data'),
  ] as const;
  try {
    const [google, twitter, words] = await Promise.all(fetches);
    return { google, twitter, words };
  } catch (error) {
    // The others must be over before their folder goes.
    stopAll.abort();
    await Promise.allSettled(fetches);
    throw error;
  }
}

async function writePicture(folder: string, pair: EmojiPair, png: Uint8Array): Promise<NewRecord> {
  const picture = await layOnWhite(png);
  await writeFile(join(folder, pair.key), await encodePng(picture));
  return { ...pair, sha256: hashPicture(picture), width: picture.width, height: picture.height };
}

/** Tables, licences and attribution lie beside the pictures. */
async function writeCompanions(
  folder: string,
  packages: Record<'google' | 'twitter' | 'words', PackageFiles>,
): Promise<void> {
  for (const name of ['tables', 'licences']) await mkdir(join(folder, name));
  await writeFile(join(folder, attributionName), attribution);
  await writeFile(join(folder, 'tables', 'emoji-google.json'), fileOf(packages.google, 'emoji.json'));
  await writeFile(join(folder, 'tables', 'emoji-twitter.json'), fileOf(packages.twitter, 'emoji.json'));
  await writeFile(join(folder, 'tables', 'emojibase-en.json'), fileOf(packages.words, 'en/data.json'));
  for (const [name, files] of Object.entries(packages)) {
    const of = name === 'words' ? 'emojibase-data' : `emoji-datasource-${name}`;
    await writeFile(join(folder, 'licences', `${of}-LICENSE`), fileOf(files, 'LICENSE'));
    await writeFile(join(folder, 'licences', `${of}-README.md`), fileOf(files, 'README.md'));
  }
}

function parseTable(files: PackageFiles, path: string): unknown {
  return JSON.parse(Buffer.from(fileOf(files, path)).toString('utf8'));
}

function fileOf(files: PackageFiles, path: string): Uint8Array {
  const file = files.get(path);
  if (file === undefined)
    throw new WorkbenchError('corrupt-file', `An emoji package lacks ${path}.`, { path });
  return file;
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new WorkbenchError('cancelled', 'The emoji dataset was not finished; nothing was kept of it.');
  }
}
