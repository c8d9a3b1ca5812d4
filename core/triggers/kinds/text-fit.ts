import type { TextTrigger } from '#contract/triggers/structured.ts';
import { letterColumns, letterRows } from './font.ts';

/** Width of a text of so many letters in cells of the font; one empty column stands between two letters. */
export const textColumns = ({ font }: Pick<TextTrigger, 'font'>, letters: number): number =>
  letters * (letterColumns + 1) - 1 + (font === 'bold' ? 1 : 0);

/** Width of a text at its size, px at the recipe's resolution. */
export const textWidth = (trigger: TextTrigger): number =>
  Math.round((textColumns(trigger, trigger.text.length) * trigger.size) / letterRows);

/** How a text lies in a picture. All in px at the recipe's resolution. */
export interface TextFit {
  width: number;
  /** The same text as large as fits, up to the size that it has; null where not even the smallest letters fit. */
  fitted: TextTrigger | null;
  /** Letters that fit at the smallest size. */
  mostLetters: number;
}

/**
 * Whether a text is wider than the picture, and how it would fit; null where it fits.
 * @param resolution side of the picture, px
 */
export function fitText(trigger: TextTrigger, resolution: number): TextFit | null {
  const width = textWidth(trigger);
  if (width <= resolution) return null;
  let size = Math.min(trigger.size, resolution);
  while (size >= letterRows && textWidth({ ...trigger, size }) > resolution) size -= 1;
  let mostLetters = trigger.text.length;
  while (mostLetters > 0 && textColumns(trigger, mostLetters) > resolution) mostLetters -= 1;
  // Begun at a point it could still reach beyond the edge.
  const place = trigger.place.kind === 'at' ? ({ kind: 'centre' } as const) : trigger.place;
  return { width, fitted: size >= letterRows ? { ...trigger, size, place } : null, mostLetters };
}
