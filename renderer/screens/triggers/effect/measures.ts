import type { PictureDifference } from '#core/pixels/picture-metrics.ts';

export type MeasureName = keyof PictureDifference;

/** Measures of how far a poisoned picture is from the clean one: name, definition, and how it is written. */
export const measureLooks: readonly {
  name: MeasureName;
  label: string;
  means: string;
  format: (value: number) => string;
}[] = [
  {
    name: 'l0',
    label: 'L0',
    means: 'Number of values (three a pixel) that differ.',
    format: (value) => String(Math.round(value)),
  },
  {
    name: 'l2',
    label: 'L2',
    means: 'Root of the sum of squared differences, values being in [0, 1].',
    format: (value) => value.toPrecision(3),
  },
  {
    name: 'lInfinity',
    label: 'L∞',
    means: 'Largest difference of a value, of 1.',
    format: (value) => value.toFixed(2),
  },
  {
    name: 'psnr',
    label: 'PSNR',
    means: 'Peak signal to noise ratio over all values, in dB; infinite where nothing differs.',
    format: (value) => `${value.toFixed(1)} dB`,
  },
  {
    name: 'ssim',
    label: 'SSIM',
    means: 'Mean structural similarity of brightness (Wang et al. 2004); 1 where nothing differs.',
    format: (value) => value.toFixed(3),
  },
  {
    name: 'changedShare',
    label: 'Changed',
    means: 'Fraction of pixels with any value changed.',
    format: (value) => `${(value * 100).toFixed(1)} %`,
  },
];

/** Mean of one measure; null where any picture has none (PSNR of equal pictures). */
export function meanOf(differences: readonly PictureDifference[], name: MeasureName): number | null {
  let sum = 0;
  for (const difference of differences) {
    const value = difference[name];
    if (value === null) return null;
    sum += value;
  }
  return differences.length === 0 ? null : sum / differences.length;
}
