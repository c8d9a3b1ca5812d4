import type { DatasetRecord } from '#contract/dataset.ts';
import type { Attack } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { PictureSource } from '#contract/picture-source.ts';
import type { Trigger } from '#contract/trigger.ts';
import { listPresets } from '#core/triggers/trigger-registry.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { readRecord } from '#db/datasets/record-rows.ts';
import { findVariant, readVariantRecords } from '#db/variants/variants.ts';
import { pictureSource } from './engine/engine-records.ts';
import { findPart } from './evaluations/attacks.ts';
import { isTriggerKind } from './triggers/trigger-kinds.ts';
import { attackOf } from './variants/render-record.ts';
import type { Workspace } from './workspace.ts';

/** @throws WorkbenchError `not-found` */
export const findRecord = ({ db }: Workspace, recordId: number): DatasetRecord => readRecord(db, recordId);

/** Where the picture of a record is. */
export const sourceOf = ({ db }: Workspace, record: DatasetRecord): PictureSource =>
  pictureSource(findDataset(db, record.datasetId), record);

/** The trigger of a preset. @throws WorkbenchError `not-found` */
export function findPreset(kind: string, preset: string, resolution: number): Trigger {
  const found = isTriggerKind(kind)
    ? listPresets(kind, resolution).find(({ name }) => name === preset)
    : undefined;
  if (found !== undefined) return found.trigger;
  throw new WorkbenchError('not-found', `There is no preset ${kind}/${preset}.`);
}

/**
 * What a variant does to a record.
 * @param part which of its attacks, from 0; null: the one that changes this record, else the first
 * @throws WorkbenchError `not-found`; `bad-input` where the variant has no such attack
 */
export function findAttackOn(
  { db }: Workspace,
  variantId: string,
  recordId: number,
  part: number | null,
): Attack {
  const variant = findVariant(db, variantId);
  const place = part ?? readVariantRecords(db, variant.id, [recordId])[0]?.part ?? 0;
  findPart(variant, place);
  return attackOf(variant.recipe, place);
}
