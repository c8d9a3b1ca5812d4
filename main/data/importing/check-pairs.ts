import { join, resolve } from 'node:path';
import type { NewRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ImportNote } from '#contract/import.ts';
import type { PictureSource } from '#contract/picture-source.ts';
import { mapInOrder } from '../map-in-order.ts';
import type { Found, FoundPair, Reading } from '../readers/reader.ts';
import type { PictureFacts } from './look-at-jpeg.ts';
import { lookedAtOnce, openPictureLookers, type PictureLookers } from './picture-lookers.ts';
import { type ImportOptions, type Reached, readFound, throwIfCancelled } from './read-found.ts';

/** What an import finds, in the order of its source. */
export type ImportItem = (
  | { kind: 'record'; row: number | string; record: NewRecord }
  | { kind: 'skipped'; skipped: { row: number | string; reason: string } }
  | { kind: 'note'; note: ImportNote }
) & {
  /** Now and then: how far the reading has been read with this one. */
  reached?: Reached;
};

/** Pictures whose outcome is remembered: captions of one picture stand near each other. */
const keptOutcomes = 4096;

type Outcome = PictureFacts | { reason: string };

/**
 * Reads a reading to its end: every picture is decoded to its end, once for captions that follow each other. What
 * cannot be read is left out with its row and the reason.
 * @throws WorkbenchError `cancelled`, and those of readFound
 */
export async function* checkPairs(
  reading: Reading,
  options: ImportOptions = {},
): AsyncGenerator<ImportItem, void> {
  const { signal } = options;
  const lookers = openPictureLookers();
  const outcomes = new Map<string, Promise<Outcome>>();
  const look = (pair: FoundPair): Promise<Outcome> => {
    const known = outcomes.get(pair.key);
    if (known !== undefined) return known;
    const outcome = outcomeOf(lookers, sourceOf(reading.root, pair));
    outcomes.set(pair.key, outcome);
    if (outcomes.size > keptOutcomes) outcomes.delete(outcomes.keys().next().value ?? '');
    return outcome;
  };
  const looked = mapInOrder(
    readItems(reading, options),
    lookedAtOnce,
    async ({ item, reached }): Promise<ImportItem> => ({
      ...(await check(item)),
      ...(reached === undefined ? {} : { reached }),
    }),
  );
  const check = async (item: Found): Promise<ImportItem> => {
    throwIfCancelled(signal);
    if (item.kind === 'note') return item;
    if (item.kind === 'skipped') return { kind: 'skipped', skipped: { row: item.row, reason: item.reason } };
    const outcome = await look(item);
    if ('reason' in outcome) return { kind: 'skipped', skipped: { row: item.row, reason: outcome.reason } };
    return { kind: 'record', row: item.row, record: recordOf(item, outcome) };
  };
  try {
    yield* looked;
  } finally {
    await lookers.close();
  }
}

/** A pair with what is known of its picture. */
export function recordOf(
  { key, source, caption, label, split }: FoundPair,
  { sha256, width, height, look }: Pick<NewRecord, keyof PictureFacts>,
): NewRecord {
  const record: NewRecord = { key, caption, label, name: null, split, sha256, width, height };
  if (source !== undefined) record.source = source;
  if (look !== undefined) record.look = look;
  return record;
}

async function* readItems(
  reading: Reading,
  options: ImportOptions,
): AsyncGenerator<{ item: Found; reached?: Reached }, void> {
  for await (const { found, reached } of readFound(reading, options)) {
    for (const [at, item] of found.entries()) yield at === found.length - 1 ? { item, reached } : { item };
  }
}

function sourceOf(root: string, { key, source }: FoundPair): PictureSource {
  return source === undefined ? resolve(root, key) : { ...source, path: join(root, source.path) };
}

async function outcomeOf(lookers: PictureLookers, source: PictureSource): Promise<Outcome> {
  try {
    return await lookers.look(source);
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.kind === 'internal') throw error;
    return { reason: error.message.replaceAll(/\s+/g, ' ').trim() };
  }
}
