import type { NumberLook } from './form-context.ts';

/** Wider than this a slider cannot be set by hand. */
const widest = 1000;

/**
 * A slider's ends and step: those asked for inside the schema's, widened to take in the present value.
 * @param limits what the schema allows
 */
export function sliderRange(
  limits: { min: number; max: number; whole: boolean },
  look: NumberLook,
  value: number,
): { min: number; max: number; step: number } {
  const least = Math.max(limits.min, look.min ?? Math.max(limits.min, -widest));
  const most = Math.min(limits.max, look.max ?? Math.min(limits.max, widest));
  const min = Math.min(least, value);
  const max = Math.max(most, value);
  const step = look.step ?? (limits.whole ? 1 : fineStep(most - least));
  return { min, max, step };
}

/** About a hundredth or less of a range: a power of ten. */
const fineStep = (range: number) =>
  range > 0 ? Number((10 ** (Math.floor(Math.log10(range)) - 2)).toPrecision(1)) : 1;
