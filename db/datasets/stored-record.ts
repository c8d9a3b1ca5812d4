import type { DatasetRecord } from '#contract/dataset.ts';
import { recordSourceSchema } from '#contract/picture-source.ts';

/** The hash, in hex, of a picture that was not looked at. */
const notLookedAt = '0'.repeat(64);

/** Hash of the picture of a record (`records` is r), in hex; null where it was not looked at. */
export const pictureHash = `nullif(lower(hex(r.sha256)), '${notLookedAt}')`;

/** Columns of a record, where `records` is r and `datasets` is d. */
export const recordColumns = `r.id, d.id AS datasetId, r.key, r.picture, r.source, r.caption, r.label, r.name, r.split,
  ${pictureHash} AS sha256, nullif(r.width, 0) AS width, nullif(r.height, 0) AS height`;

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
