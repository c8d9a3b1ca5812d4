import { type Dataset, type DatasetRecord, pictureKeyOf } from '#contract/dataset.ts';
import type { Attack } from '#contract/engine.ts';
import type { Recipe } from '#contract/variant.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { readPixels } from '#main/data/decoding/read-apart.ts';
import { hashPixels } from '#main/data/pictures/hash-pixels.ts';
import { pictureSource } from '../engine/engine-records.ts';

/** What of a record says where its picture is. */
export type PictureRecord = Pick<DatasetRecord, 'key' | 'picture' | 'source'>;

/** What each part of a recipe does to pictures, in the engine's terms. */
export function attacksOf(recipe: Recipe): [Attack, ...Attack[]] {
  const { parts, resolution, seed } = recipe;
  const [first, ...further] = parts;
  const toAttack = ({ trigger, target }: Pick<Attack, 'trigger' | 'target'>) => ({
    trigger,
    resolution,
    target,
    seed,
  });
  return [toAttack(first), ...further.map(toAttack)];
}

/** What a recipe does to pictures by one of its parts; one that is not there is the first. */
export function attackOf(recipe: Recipe, part: number): Attack {
  const attacks = attacksOf(recipe);
  return attacks[part] ?? attacks[0];
}

/** The picture of a record as a part of a recipe has it: the same bytes every time. */
export async function renderRecord(
  dataset: Dataset,
  recipe: Recipe,
  record: PictureRecord,
  part: number,
): Promise<Picture> {
  return renderTriggered(
    await readPixels(pictureSource(dataset, record)),
    attackOf(recipe, part),
    pictureKeyOf(record),
  );
}

/** hashPicture of core/pixels of {@link renderRecord}. */
export async function hashRendered(
  dataset: Dataset,
  recipe: Recipe,
  record: PictureRecord,
  part: number,
): Promise<string> {
  return hashPixels(await renderRecord(dataset, recipe, record, part));
}
