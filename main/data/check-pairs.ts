import { join, resolve } from 'node:path';
import type { NewRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ImportNote } from '#contract/import.ts';
import type { PictureSource } from '#contract/picture-source.ts';
import { lookOf } from '#core/pixels/look.ts';
import { hashPixels } from './hash-pixels.ts';
import { mapInOrder, pictureConcurrency } from './map-in-order.ts';
import type { FoundPair, Reading, ReadProgress } from './readers/reader.ts';
import { readPicture } from './sources/read-picture.ts';

/** What an import finds, in the order of its source. */
export type ImportItem =
  | { kind: 'record'; row: number | string; record: NewRecord }
  | { kind: 'skipped'; skipped: { row: number | string; reason: string } }
  | { kind: 'note'; note: ImportNote };

export interface ImportOptions {
  onProgress?: (progress: ReadProgress) => void;
  /** Stops the import with a `cancelled` error. */
  signal?: AbortSignal;
}

/** Pictures whose outcome is remembered: captions of one picture stand near each other. */
const keptOutcomes = 4096;

type Outcome = Pick<NewRecord, 'sha256' | 'width' | 'height' | 'look'> | { reason: string };

/**
 * Reads a reading to its end: every picture is decoded to its end, once for captions that follow each other. What
 * cannot be read is left out with its row and the reason.
 * @throws WorkbenchError `cancelled`, and those of the reading
 */
export async function* checkPairs(
  reading: Reading,
  options: ImportOptions = {},
): AsyncGenerator<ImportItem, void> {
  const { signal } = options;
  const outcomes = new Map<string, Promise<Outcome>>();
  const look = (pair: FoundPair): Promise<Outcome> => {
    const known = outcomes.get(pair.key);
    if (known !== undefined) return known;
    const outcome = lookAtPicture(sourceOf(reading.root, pair));
    outcomes.set(pair.key, outcome);
    if (outcomes.size > keptOutcomes) outcomes.delete(outcomes.keys().next().value ?? '');
    return outcome;
  };
  const found = reading.items(signal, (progress) => options.onProgress?.(progress));
  yield* mapInOrder(found, pictureConcurrency, async (item): Promise<ImportItem> => {
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
  });
  throwIfCancelled(signal);
}

function sourceOf(root: string, { key, source }: FoundPair): PictureSource {
  return source === undefined ? resolve(root, key) : { ...source, path: join(root, source.path) };
}

async function lookAtPicture(source: PictureSource): Promise<Outcome> {
  try {
    const picture = await readPicture(source);
    return {
      sha256: hashPixels(picture),
      width: picture.width,
      height: picture.height,
      look: lookOf(picture),
    };
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return { reason: error.message.replaceAll(/\s+/g, ' ').trim() };
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new WorkbenchError('cancelled', 'The import was stopped; nothing was kept of it.');
}
