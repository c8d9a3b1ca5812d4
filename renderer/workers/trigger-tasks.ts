import { listMagnitudes } from '#core/augment/magnitudes.ts';
import { applyOperation } from '#core/augment/operations.ts';
import { imagenetPolicy, type PolicyStep } from '#core/augment/policy.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { comparePictures } from '#core/pixels/picture-metrics.ts';
import { preprocess } from '#core/pixels/preprocess.ts';
import { resizeBicubic } from '#core/pixels/resize.ts';
import { renderTriggered, type TriggerAttack } from '#core/triggers/trigger-registry.ts';
import { toCanvasPixels } from './rgba.ts';
import type { ModelViews, PictureMeasures } from './trigger-messages.ts';

/** The picture that a trigger is laid on: whole, or brought to the recipe's resolution. */
export function prepareGround(picture: Picture, { trigger, resolution }: TriggerAttack): Picture {
  return trigger.apply === 'before' ? picture : resizeBicubic(picture, resolution, resolution);
}

/**
 * The same bytes as renderTriggered of the picture itself: bringing a picture to the size that it has changes nothing,
 * so the ground can be made once and drawn on many times.
 */
export const drawOn = (ground: Picture, attack: TriggerAttack, key: string): Picture =>
  renderTriggered(ground, attack, key);

export function measurePicture(ground: Picture, poisoned: Picture): PictureMeasures {
  return { sha256: hashPicture(poisoned), difference: comparePictures(ground, poisoned) };
}

/** What a model of a resolution sees of both, and of the poisoned one under every sub-policy of CleanCLIP's augmentation. */
export function viewAsModel(ground: Picture, poisoned: Picture, resolution: number): ModelViews {
  const seen = preprocess(poisoned, resolution);
  return {
    clean: toCanvasPixels(preprocess(ground, resolution)),
    poisoned: toCanvasPixels(seen),
    augmented: imagenetPolicy.map((steps) => augment(seen, steps)),
  };
}

function augment(
  picture: Picture,
  steps: readonly [PolicyStep, PolicyStep],
): ModelViews['augmented'][number] {
  const magnitudes = listMagnitudes(picture.width, picture.height);
  let view = picture;
  const words: string[] = [];
  for (const [name, probability, bin] of steps) {
    const magnitude = bin === null ? null : (magnitudes[name].values?.[bin] ?? null);
    view = applyOperation(view, name, magnitude ?? 0);
    const amount = magnitude === null ? '' : ` ${Number(magnitude.toPrecision(3))}`;
    words.push(`${name}${amount} (${Math.round(probability * 100)} %)`);
  }
  return { title: words.join(', then '), pixels: toCanvasPixels(view) };
}
