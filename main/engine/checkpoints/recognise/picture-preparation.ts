import type { ClipConfig } from '#contract/clip-config.ts';
import { clipMean, clipStd } from '#core/pixels/preprocess.ts';

export type Channels = [number, number, number];

/** A model's own normalisation of its pictures; undefined where it is CLIP's, or a config does not say. */
export function normalisationOf(
  mean: Channels | null | undefined,
  std: Channels | null | undefined,
): ClipConfig['normalisation'] {
  const own = { mean: mean ?? [...clipMean], std: std ?? [...clipStd] };
  return isSame(own.mean, clipMean) && isSame(own.std, clipStd) ? undefined : own;
}

/** Configs have seven or eight digits. */
const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, channel) => Math.abs(value - b[channel]!) < 1e-6);
