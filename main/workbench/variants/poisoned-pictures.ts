import { pictureKeyOf } from '#contract/dataset.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { readPictureRecords, readRecords } from '#db/datasets/record-rows.ts';
import { findVariant, iterateVariantRecords } from '#db/variants/variants.ts';
import type { Workspace } from '../workspace.ts';

/** What a variant does to pictures that have several captions. */
export interface PoisonedPictures {
  /** Different pictures that get a trigger. */
  pictures: number;
  /** Other pairs of those pictures, which stay with the clean picture. */
  cleanPairs: number;
}

/** @throws WorkbenchError `not-found` */
export function countPoisonedPictures({ db }: Workspace, nameOrId: string): PoisonedPictures {
  const variant = findVariant(db, nameOrId);
  const { id, records, pictures } = findDataset(db, variant.datasetId);
  if (records === pictures) return { pictures: variant.changed, cleanPairs: 0 };
  const changed = new Set([...iterateVariantRecords(db, variant.id)].map(({ recordId }) => recordId));
  const keys = new Set(readRecords(db, [...changed]).map(pictureKeyOf));
  let cleanPairs = 0;
  for (const key of keys) {
    cleanPairs += readPictureRecords(db, id, key).filter((record) => !changed.has(record.id)).length;
  }
  return { pictures: keys.size, cleanPairs };
}
