import { createHash } from 'node:crypto';
import { WorkbenchError } from '#contract/errors.ts';
import type { Found, Reading, ReadProgress } from '../readers/reader.ts';

/** How far a reading has been read. */
export interface Reached {
  items: number;
  /** A hash over them. */
  digest: string;
}

export interface ImportOptions {
  onProgress?: (progress: ReadProgress) => void;
  /** Stops the import with a `cancelled` error. */
  signal?: AbortSignal;
  /** What an earlier import of the same reading had reached: items up to there are read, but not given. */
  from?: Reached;
}

/**
 * Reads a reading to its end, batch by batch.
 * @throws WorkbenchError those of the reading; `conflict` where the items up to `from` are others now; `cancelled`
 */
export async function* readFound(
  reading: Reading,
  { onProgress, signal, from }: ImportOptions,
): AsyncGenerator<{ found: readonly Found[]; reached: Reached }, void> {
  const hash = createHash('sha256');
  const digest = () => hash.copy().digest('hex');
  let items = 0;
  for await (const batch of reading.batches(signal, (progress) => onProgress?.(progress))) {
    const passed = Math.min(batch.length, Math.max(0, (from?.items ?? 0) - items));
    for (const part of [batch.slice(0, passed), batch.slice(passed)]) {
      if (part.length === 0) continue;
      items += part.length;
      let text = '';
      for (const item of part) text += textOf(item);
      hash.update(text);
      if (items === from?.items && digest() !== from.digest) throw changedMeanwhile();
      if (items > (from?.items ?? 0)) yield { found: part, reached: { items, digest: digest() } };
    }
  }
  throwIfCancelled(signal);
  if (from !== undefined && items < from.items) throw changedMeanwhile();
}

/** What makes an item, so that those that follow each other cannot be mistaken for others. */
function textOf(item: Found): string {
  if (item.kind !== 'pair' || item.source !== undefined || item.missing === true) return JSON.stringify(item);
  const { row, key, caption, label, split } = item;
  const lengths = `${row} ${key.length} ${caption.length} ${label === null ? '-' : label.length} ${split} `;
  return lengths + key + caption + (label ?? '');
}

function changedMeanwhile(): WorkbenchError {
  return new WorkbenchError('conflict', 'What was being imported has changed meanwhile: import it again.');
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new WorkbenchError('cancelled', 'The import was stopped; nothing was kept of it.');
}
