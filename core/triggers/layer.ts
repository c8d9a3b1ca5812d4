import type { Layer } from '#contract/triggers/shared.ts';
import type { Picture } from '../pixels/picture.ts';
import type { TriggerLimit } from './trigger-definition.ts';

/**
 * Lays what `apply` makes of a picture over it as a layer: hidden it is the picture as it was, and with an opacity o each
 * value is before + o (after - before), rounded.
 * @returns a new picture
 */
export function applyLayer(picture: Picture, layer: Layer | undefined, apply: () => Picture): Picture {
  const { width, height, data } = picture;
  if (!isVisible(layer)) return { width, height, data: data.slice() };
  const applied = apply();
  const opacity = layer?.opacity ?? 1;
  if (opacity === 1) return applied;
  return {
    ...applied,
    data: applied.data.map((after, at) => {
      const before = data[at] ?? 0;
      return Math.round(before + opacity * (after - before));
    }),
  };
}

/** What a layer changes at most: nothing where it is hidden, else no more than the trigger in full. */
export function limitLayer(layer: Layer | undefined, limit: () => TriggerLimit): TriggerLimit {
  return isVisible(layer) ? limit() : { places: [], elsewhere: 0 };
}

/** Whether a layer changes anything. */
export const isVisible = (layer: Layer | undefined): boolean =>
  layer?.hidden !== true && layer?.opacity !== 0;
