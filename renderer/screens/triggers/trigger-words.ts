import type { NumberLook } from '../../components/fields/schema-form/form-context.ts';

const names: Record<string, string> = {
  x: 'Left',
  y: 'Top',
  pattern: 'Filling',
  colours: 'Colour',
  alpha: 'Opacity',
  amounts: 'Channel',
};

const choices: Record<string, string> = {
  array: 'Black and white cells',
  at: 'At a point',
  corner: 'In a corner',
  centre: 'In the centre',
  'four-corners': 'In four corners',
  random: 'Random per picture',
  'mean-noise': 'Noise on the mean (paper)',
  'noise-per-picture': 'Noise, another per picture',
  'per-picture': 'Another per picture',
  painted: 'Painting',
  solid: 'One colour',
  clamp: 'Cut off',
  wrap: 'Wrap round',
  square: 'A square',
  whole: 'Whole picture',
  rgb: 'RGB',
  hsv: 'HSV',
  ycbcr: 'YCbCr',
};

/** Words of a parameter where its name alone does not say it. */
export const nameWords = (name: string): string | undefined => names[name];

/** Words of a choice where its name alone does not say it. */
export const choiceWords = (choice: string): string | undefined => choices[choice];

/** Ranges in which sliders are of use; what lies beyond can be written. Pixels end at the resolution. */
export function lookOf(path: string, resolution: number): NumberLook | undefined {
  const name = path.split('.').findLast((one) => !/^\d+$/.test(one)) ?? '';
  if (['size', 'margin', 'x', 'y'].includes(name)) return { max: resolution, step: 1, unit: 'px' };
  return looks[name];
}

const looks: Record<string, NumberLook> = {
  stripeWidth: { max: 64, step: 0.5, unit: 'px' },
  blockSize: { max: 64, step: 1, unit: 'px' },
  row: { max: 31, step: 1 },
  column: { max: 31, step: 1 },
  direction: { step: 1, unit: '°' },
  rotation: { step: 1, unit: '°' },
  amplitude: { max: 128, step: 1 },
  frequency: { max: 32, step: 0.5 },
  gridSize: { max: 32, step: 1 },
  strength: { max: 4, step: 0.05 },
  magnitude: { min: -200, max: 200, step: 1 },
  tiles: { max: 32, step: 1 },
  cells: { max: 32, step: 1 },
  alpha: { step: 0.01 },
  amounts: { step: 0.01 },
  from: { step: 0.01 },
  to: { step: 0.01 },
};
