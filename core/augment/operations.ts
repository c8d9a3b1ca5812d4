import type { Picture } from '../pixels/picture.ts';
import { adjustBrightness, adjustColour, adjustContrast, adjustSharpness } from './enhance.ts';
import { rotate, shearX, shearY, translateX, translateY } from './geometry.ts';
import { equalize, invert, posterize, solarize, stretchContrast } from './tables.ts';

/** AutoAugment's operations by torchvision's names. */
export const operationNames = [
  'ShearX',
  'ShearY',
  'TranslateX',
  'TranslateY',
  'Rotate',
  'Brightness',
  'Color',
  'Contrast',
  'Sharpness',
  'Posterize',
  'Solarize',
  'AutoContrast',
  'Equalize',
  'Invert',
] as const;
export type OperationName = (typeof operationNames)[number];

/** `magnitude` as torchvision's _apply_op takes it: pixels, degrees, tangents, bits, a threshold, or a factor less one. */
type Operation = (picture: Picture, magnitude: number) => Picture;

const operations = {
  ShearX: shearX,
  ShearY: shearY,
  TranslateX: translateX,
  TranslateY: translateY,
  Rotate: rotate,
  Brightness: adjustBrightness,
  Color: adjustColour,
  Contrast: adjustContrast,
  Sharpness: adjustSharpness,
  Posterize: posterize,
  Solarize: solarize,
  AutoContrast: stretchContrast,
  Equalize: equalize,
  Invert: invert,
} satisfies Record<OperationName, Operation>;

/**
 * One operation of AutoAugment on a picture: nearest neighbour, black fill, Pillow's integer arithmetic
 * (tests/fixtures/reference/augment). A new picture of the same size.
 */
export function applyOperation(picture: Picture, name: OperationName, magnitude: number): Picture {
  return operations[name](picture, magnitude);
}
