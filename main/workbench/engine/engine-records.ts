import { resolve } from 'node:path';
import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import type { EngineRecord } from '#contract/engine.ts';

/** Where a record's picture is; keys of imported files may be absolute. */
export function picturePath(dataset: Dataset, key: string): string {
  return resolve(dataset.root, key);
}

/** A record as the engine reads it; `caption` and `part` (null: not poisoned) are the variant's where there is one. */
export function toEngineRecord(
  dataset: Dataset,
  record: DatasetRecord,
  caption: string = record.caption,
  part: number | null = null,
): EngineRecord {
  const { id, key, label } = record;
  return {
    recordId: id,
    key,
    image: picturePath(dataset, key),
    caption,
    label,
    poisoned: part !== null,
    ...(part === null || part === 0 ? {} : { part }),
  };
}
