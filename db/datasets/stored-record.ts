import type { DatasetRecord } from '#contract/dataset.ts';
import { recordSourceSchema } from '#contract/picture-source.ts';

/** Columns of a record, where `records` is r and `datasets` is d. */
export const recordColumns = `r.id, d.id AS datasetId, r.key, r.picture, r.source, r.caption, r.label, r.name, r.split,
  lower(hex(r.sha256)) AS sha256, r.width, r.height`;

export type StoredRecord = Omit<DatasetRecord, 'picture' | 'source'> & {
  picture: string | null;
  source: string | null;
};

export function toRecord({ picture, source, ...row }: StoredRecord): DatasetRecord {
  return {
    ...row,
    ...(picture === null ? {} : { picture }),
    ...(source === null ? {} : { source: recordSourceSchema.parse(JSON.parse(source)) }),
  };
}
