import { recordQuerySchema } from '#contract/api/datasets.ts';
import type { VariantView } from '#contract/api/variants.ts';
import type { DatasetRecord } from '#contract/dataset.ts';
import type { Variant, VariantRecord } from '#contract/variant.ts';
import { locateDataset } from '#db/datasets/datasets.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import {
  countByPart,
  findVariant,
  firstChanged,
  idsOfPart,
  insertVariant,
  readVariantRecords,
  usersOfVariant,
} from '#db/variants/variants.ts';
import type { RecordBrowser } from '../datasets/browsing/record-browser.ts';
import type { Workspace } from '../workspace.ts';
import { nameOrderModels } from './order-models.ts';

/** A variant as it is shown; the host knows where the pictures of `firstChanged` are. */
export interface ShownVariant extends Omit<VariantView, 'thumbnails'> {
  firstChanged: number[];
}

const shownPictures = 6;

/** @throws WorkbenchError `not-found` */
export function showVariant(workspace: Workspace, nameOrId: string): ShownVariant {
  const variant = findVariant(workspace.db, nameOrId);
  return viewVariant(workspace, variant, locateDataset(workspace.db, variant.datasetId).name);
}

/** @param dataset its dataset's name */
export function viewVariant(workspace: Workspace, variant: Variant, dataset: string): ShownVariant {
  const { db } = workspace;
  return {
    ...variant,
    dataset,
    changedByPart: countByPart(db, variant.id),
    models: nameOrderModels(workspace, variant.recipe),
    uses: usersOfVariant(db, variant.id).length,
    firstChanged: firstChanged(db, variant.id, shownPictures),
  };
}

export interface ChangePageRequest {
  variant: string;
  /** Searched in the new captions. */
  text: string;
  /** Only what this part of the recipe changed; left out: any. */
  part?: number | undefined;
  /** null stands for records without a label; none: all. */
  labels: (string | null)[];
  offset: number;
  limit: number;
}

/** A page of what a variant changes. @throws WorkbenchError `not-found` */
export async function pageChanges(
  { db }: Workspace,
  browser: RecordBrowser,
  { variant, text, part, labels, offset, limit }: ChangePageRequest,
): Promise<{ variantId: string; total: number; rows: { change: VariantRecord; original: DatasetRecord }[] }> {
  const { id, datasetId } = findVariant(db, variant);
  const query = recordQuerySchema.parse({
    dataset: datasetId,
    variant: id,
    poisonedIn: [id],
    text,
    labels,
  });
  const found = Array.from(await browser.ids(query));
  const ids = part === undefined ? found : idsOfPart(db, id, part, found);
  const shown = ids.slice(offset, offset + limit);
  const originals = new Map(readRecords(db, shown).map((record) => [record.id, record]));
  const rows = readVariantRecords(db, id, shown).flatMap((change) => {
    const original = originals.get(change.recordId);
    return original === undefined ? [] : [{ change, original }];
  });
  return { variantId: id, total: ids.length, rows };
}

/** Brings a removed variant back, with what it changes. @throws WorkbenchError `conflict` where its name was taken */
export function restoreVariant(
  { db }: Workspace,
  { variant, records }: { variant: Variant; records: VariantRecord[] },
): void {
  insertVariant(db, variant, records);
}
