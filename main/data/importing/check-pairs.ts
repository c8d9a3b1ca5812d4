import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { NewRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ImportNote } from '#contract/import.ts';
import type { PictureSource } from '#contract/picture-source.ts';
import { mapInOrder } from '../map-in-order.ts';
import type { Found, FoundPair, Reading, ReadProgress } from '../readers/reader.ts';
import type { PictureFacts } from './look-at-jpeg.ts';
import { lookedAtOnce, openPictureLookers, type PictureLookers } from './picture-lookers.ts';

/** What an import finds, in the order of its source. */
export type ImportItem = (
  | { kind: 'record'; row: number | string; record: NewRecord }
  | { kind: 'skipped'; skipped: { row: number | string; reason: string } }
  | { kind: 'note'; note: ImportNote }
) & {
  /** Now and then: how many items of the reading there were with this one, and a hash over them. */
  reached?: Reached;
};

/** How far a reading has been read. */
export interface Reached {
  items: number;
  digest: string;
}

/** Items from one {@link Reached} to the next. */
const itemsBetween = 500;

export interface ImportOptions {
  onProgress?: (progress: ReadProgress) => void;
  /** Stops the import with a `cancelled` error. */
  signal?: AbortSignal;
  /** What an earlier import of the same reading had reached: items up to there are read, but not looked at or given. */
  from?: Reached;
}

/** Pictures whose outcome is remembered: captions of one picture stand near each other. */
const keptOutcomes = 4096;

type Outcome = PictureFacts | { reason: string };

/**
 * Reads a reading to its end: every picture is decoded to its end, once for captions that follow each other. What
 * cannot be read is left out with its row and the reason.
 * @throws WorkbenchError `cancelled`, and those of the reading; `conflict` where the items up to `from` are others now
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
  const found = count(
    reading.items(signal, (progress) => options.onProgress?.(progress)),
    options.from,
  );
  const looked = mapInOrder(
    found,
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
    const { kind: _, row, source, ...pair } = item;
    return {
      kind: 'record',
      row,
      record: { ...pair, name: null, ...(source === undefined ? {} : { source }), ...outcome },
    };
  };
  try {
    yield* looked;
  } finally {
    await lookers.close();
  }
  throwIfCancelled(signal);
}

/** Items from `from` on, with what was reached now and then. */
async function* count(
  found: AsyncIterable<Found>,
  from: Reached | undefined,
): AsyncGenerator<{ item: Found; reached?: Reached }, void> {
  const hash = createHash('sha256');
  const digest = () => hash.copy().digest('hex');
  let items = 0;
  for await (const item of found) {
    items += 1;
    hash.update(JSON.stringify(item));
    if (from !== undefined && items <= from.items) {
      if (items === from.items && digest() !== from.digest) throw changedMeanwhile();
      continue;
    }
    yield items % itemsBetween === 0 ? { item, reached: { items, digest: digest() } } : { item };
  }
  if (from !== undefined && items < from.items) throw changedMeanwhile();
}

function changedMeanwhile(): WorkbenchError {
  return new WorkbenchError('conflict', 'What was being imported has changed meanwhile: import it again.');
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

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new WorkbenchError('cancelled', 'The import was stopped; nothing was kept of it.');
}
