import { resolve } from 'node:path';
import { type Dataset, type DatasetRecord, pictureKeyOf } from '#contract/dataset.ts';
import type { EngineRecord } from '#contract/engine.ts';
import type { PictureSource } from '#contract/picture-source.ts';

/** Where a record's picture is; keys of imported files may be absolute. */
export function pictureSource(
  { root }: Pick<Dataset, 'root'>,
  record: Pick<DatasetRecord, 'key' | 'picture' | 'source'>,
): PictureSource {
  const { source } = record;
  if (source === undefined) return resolve(root, pictureKeyOf(record));
  const path = resolve(root, source.path);
  return source.kind === 'file' ? path : { ...source, path };
}

/** A record as the engine reads it; `caption` and `part` (null: not poisoned) are the variant's where there is one. */
export function toEngineRecord(
  dataset: Dataset,
  record: DatasetRecord,
  caption: string = record.caption,
  part: number | null = null,
): EngineRecord {
  const { id, label, sha256 } = record;
  return {
    recordId: id,
    key: pictureKeyOf(record),
    image: pictureSource(dataset, record),
    caption,
    label,
    ...(sha256 === null ? {} : { sha256 }),
    poisoned: part !== null,
    ...(part === null || part === 0 ? {} : { part }),
  };
}
