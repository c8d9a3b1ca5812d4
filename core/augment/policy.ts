import type { Picture } from '../pixels/picture.ts';
import type { Random } from '../random/random.ts';
import { listMagnitudes } from './magnitudes.ts';
import { applyOperation, type OperationName } from './operations.ts';

/** An operation, its probability and the number of its magnitude (null for an operation that has none). */
export type PolicyStep = [OperationName, number, number | null];

/** AutoAugment's 25 sub-policies for ImageNet (Cubuk et al. 2018, arXiv 1805.09501, table 9; torchvision's order). */
export const imagenetPolicy: readonly (readonly [PolicyStep, PolicyStep])[] = [
  [
    ['Posterize', 0.4, 8],
    ['Rotate', 0.6, 9],
  ],
  [
    ['Solarize', 0.6, 5],
    ['AutoContrast', 0.6, null],
  ],
  [
    ['Equalize', 0.8, null],
    ['Equalize', 0.6, null],
  ],
  [
    ['Posterize', 0.6, 7],
    ['Posterize', 0.6, 6],
  ],
  [
    ['Equalize', 0.4, null],
    ['Solarize', 0.2, 4],
  ],
  [
    ['Equalize', 0.4, null],
    ['Rotate', 0.8, 8],
  ],
  [
    ['Solarize', 0.6, 3],
    ['Equalize', 0.6, null],
  ],
  [
    ['Posterize', 0.8, 5],
    ['Equalize', 1.0, null],
  ],
  [
    ['Rotate', 0.2, 3],
    ['Solarize', 0.6, 8],
  ],
  [
    ['Equalize', 0.6, null],
    ['Posterize', 0.4, 6],
  ],
  [
    ['Rotate', 0.8, 8],
    ['Color', 0.4, 0],
  ],
  [
    ['Rotate', 0.4, 9],
    ['Equalize', 0.6, null],
  ],
  [
    ['Equalize', 0.0, null],
    ['Equalize', 0.8, null],
  ],
  [
    ['Invert', 0.6, null],
    ['Equalize', 1.0, null],
  ],
  [
    ['Color', 0.6, 4],
    ['Contrast', 1.0, 8],
  ],
  [
    ['Rotate', 0.8, 8],
    ['Color', 1.0, 2],
  ],
  [
    ['Color', 0.8, 8],
    ['Solarize', 0.8, 7],
  ],
  [
    ['Sharpness', 0.4, 7],
    ['Invert', 0.6, null],
  ],
  [
    ['ShearX', 0.6, 5],
    ['Equalize', 1.0, null],
  ],
  [
    ['Color', 0.4, 0],
    ['Equalize', 0.6, null],
  ],
  [
    ['Equalize', 0.4, null],
    ['Solarize', 0.2, 4],
  ],
  [
    ['Solarize', 0.6, 5],
    ['AutoContrast', 0.6, null],
  ],
  [
    ['Invert', 0.6, null],
    ['Equalize', 1.0, null],
  ],
  [
    ['Color', 0.6, 4],
    ['Contrast', 1.0, 8],
  ],
  [
    ['Equalize', 0.8, null],
    ['Equalize', 0.6, null],
  ],
];

/**
 * A view of a picture for CleanCLIP's self-supervised term: one sub-policy of AutoAugment's ImageNet policy, chosen
 * evenly, each of its two operations with its probability and, where it has a direction, a random sign.
 * @returns a new picture of the same size
 */
export function augmentByPolicy(picture: Picture, random: Random): Picture {
  const magnitudes = listMagnitudes(picture.width, picture.height);
  const steps = imagenetPolicy[random.integer(imagenetPolicy.length)] ?? [];
  let view: Picture = { ...picture, data: picture.data.slice() };
  for (const [name, probability, bin] of steps) {
    const chosen = random.chance(probability);
    const turned = random.chance(0.5);
    if (!chosen) continue;
    const { values, signed } = magnitudes[name];
    const magnitude = bin === null ? 0 : (values?.[bin] ?? 0);
    view = applyOperation(view, name, signed && turned ? -magnitude : magnitude);
  }
  return view;
}
