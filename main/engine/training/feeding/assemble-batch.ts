import { pictureChanges } from '#core/augment/picture-changes.ts';
import type { SynonymsOf } from '#core/captions/eda.ts';
import { type TextChange, textChanges } from '#core/captions/text-changes.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { createRandom, type Random } from '#core/random/random.ts';
import type { BatchRecipe } from '../../methods/building-blocks/batch-recipe.ts';
import type { TextEncoder } from '../../text-encoder.ts';
import { cutPictures, joinPictures } from './raw-pictures.ts';
import { layOutTokens, type TokenRows } from './token-rows.ts';

/** One batch to make from what was read for it, as data: any thread can make it. */
export interface AssemblyTask {
  /** The run's. */
  seed: number;
  /** Counted from 0 over all epochs: with the seed it decides what is drawn at random. */
  step: number;
  /** Places of its records in the run's list. */
  rows: Uint32Array;
  recipe: Pick<BatchRecipe, 'pictures' | 'texts'>;
  /** Raw pixels [rows, side, side, 3]; empty where the recipe has no pictures. */
  pictures: Uint8Array;
  /** By the place of their set, whole pictures that were changed before they were brought to the resolution. */
  whole: ReadonlyMap<number, Uint8Array>;
  /** Empty where the recipe has no texts. */
  captions: readonly string[];
}

/** What a batch holds, as memory; null for what the recipe does not name. */
export interface AssembledBatch {
  /** Raw pixels [sets x rows, side, side, 3]. */
  pixels: Uint8Array<ArrayBuffer> | null;
  /** [changes x rows, length]. */
  tokens: TokenRows | null;
}

/** How batches are made: for all of a run alike. */
export interface Assembly {
  resolution: number;
  contextLength: number;
  encode: TextEncoder;
  synonymsOf: SynonymsOf;
}

/** Changes pictures and captions as the recipe says, pictures first; the same task gives the same bits on any thread. */
export function assembleBatch(task: AssemblyTask, assembly: Assembly): AssembledBatch {
  const { seed, step, recipe } = task;
  const { resolution, contextLength, encode } = assembly;
  const random = createRandom('batch', seed, step);
  const pixels =
    recipe.pictures.length === 0 ? null : joinPictures(changePictures(task, resolution, random), resolution);
  const tokens =
    recipe.texts.length === 0
      ? null
      : layOutTokens(changeTexts(task, assembly, random).map(encode), contextLength);
  return { pixels, tokens };
}

/** The sets of pictures, one after another. */
function changePictures(
  { recipe, pictures, whole }: AssemblyTask,
  resolution: number,
  random: Random,
): Picture[] {
  const records = cutPictures(pictures, resolution);
  const made: Picture[][] = [];
  for (const [set, { of, change }] of recipe.pictures.entries()) {
    const changed = whole.get(set);
    if (changed !== undefined) {
      made.push(cutPictures(changed, resolution));
      continue;
    }
    const from = typeof of === 'number' ? made[of]! : records;
    made.push(from.map((picture) => pictureChanges[change](picture, random)));
  }
  return made.flat();
}

/** The captions, once for each change. */
function changeTexts(
  { seed, rows, recipe, captions }: AssemblyTask,
  { synonymsOf }: Assembly,
  random: Random,
): string[] {
  const changeText = (name: TextChange, caption: string, row: number) => {
    const { drawn, change } = textChanges[name];
    const own = drawn === 'once' ? createRandom(name, seed, row) : random;
    return change(caption, own, synonymsOf);
  };
  return recipe.texts.flatMap((change) =>
    captions.map((caption, place) => changeText(change, caption, rows[place]!)),
  );
}
