import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import type { EngineRecord } from '#contract/engine.ts';

/** A record as the engine reads it; `caption` and `poisoned` are the variant's where there is one. */
export function toEngineRecord(
  dataset: Dataset,
  record: DatasetRecord,
  caption: string = record.caption,
  poisoned = false,
): EngineRecord {
  return {
    recordId: record.id,
    key: record.key,
    image: join(dataset.root, record.key),
    caption,
    label: record.label,
    poisoned,
  };
}

/** Writes JSON lines to `path`, whole or not at all. @returns the number of lines. */
export async function writeRecordsFile(path: string, records: Iterable<EngineRecord>): Promise<number> {
  const partial = `${path}.partial`;
  const file = createWriteStream(partial);
  let lines = 0;
  for (const record of records) {
    lines += 1;
    if (!file.write(`${JSON.stringify(record)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  await rename(partial, path);
  return lines;
}
