import type { NewRecord, SkippedRow } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';

import { decodePicture } from './decode-picture.ts';
import { hashPixels } from './hash-pixels.ts';

/** What an importer finds, in the order of its source. */
export type ImportItem = { kind: 'record'; record: NewRecord } | { kind: 'skipped'; skipped: SkippedRow };

export interface ImportProgress {
  /** Rows or files seen so far, good and bad. */
  rows: number;
  /** Bytes of the CSV file, or files of the folder, read so far and in all. */
  done: number;
  total: number;
}

export interface ImportOptions {
  onProgress?: (progress: ImportProgress) => void;
  /** Stops the import with a `cancelled` error. */
  signal?: AbortSignal;
}

/** A record but for what only its picture tells. */
export type FoundPair = Omit<NewRecord, 'sha256' | 'width' | 'height'>;

export function skip(row: number | string, reason: string): ImportItem {
  return { kind: 'skipped', skipped: { row, reason } };
}

/** Decodes the picture to its end: a record where it is whole, else the row that is left out. */
export async function toRecord(
  row: number | string,
  pair: FoundPair,
  picturePath: string,
): Promise<ImportItem> {
  try {
    const picture = await decodePicture(picturePath);
    const { width, height } = picture;
    return { kind: 'record', record: { ...pair, sha256: hashPixels(picture), width, height } };
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return skip(row, error.message.replaceAll(/\s+/g, ' ').trim());
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new WorkbenchError('cancelled', 'The import was stopped; nothing was kept of it.');
}
