import type { OperationName } from './operations.ts';

/** Magnitudes of one operation, weakest first; null for one that has none. Signed ones are turned round at random. */
export interface Magnitudes {
  values: number[] | null;
  signed: boolean;
}

const bins = 10;

/** AutoAugment's magnitudes for a picture of `width` x `height` pixels (torchvision's _augmentation_space, 10 bins). */
export function listMagnitudes(width: number, height: number): Record<OperationName, Magnitudes> {
  const signed = (last: number) => ({ values: spread(0, last), signed: true });
  const none = { values: null, signed: false };
  return {
    ShearX: signed(0.3),
    ShearY: signed(0.3),
    TranslateX: signed((150 / 331) * width),
    TranslateY: signed((150 / 331) * height),
    Rotate: signed(30),
    Brightness: signed(0.9),
    Color: signed(0.9),
    Contrast: signed(0.9),
    Sharpness: signed(0.9),
    // None of these is half way between two whole numbers.
    Posterize: { values: spread(0, 4).map((bits) => 8 - Math.round(bits)), signed: false },
    Solarize: { values: spread(255, 0), signed: false },
    AutoContrast: none,
    Equalize: none,
    Invert: none,
  };
}

/** Ten numbers from first to last at equal distances. */
function spread(first: number, last: number): number[] {
  return Array.from({ length: bins }, (_, bin) => first + ((last - first) * bin) / (bins - 1));
}
