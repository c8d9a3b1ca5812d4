import type { PatchFill } from '#contract/triggers/patch.ts';
import type { Colour } from '#contract/triggers/shared.ts';
import { createRandom } from '../../random/random.ts';
import { type Layer, openEmbedded, openEmbeddedAt } from './embedded-picture.ts';

/** A filling whose pixels do not depend on the picture below. */
export type FixedFill = string[] | Exclude<PatchFill, { kind: 'mean-noise' }>;

/**
 * The cells of a patch, in their own number; the caller brings them to the patch's size by nearest neighbour.
 * @param units side of the patch at the recipe's resolution: cells of noise
 * @param pixels side of the patch on the picture
 */
export function fillPatch(pattern: FixedFill, units: number, pixels: number): Layer {
  if (Array.isArray(pattern)) {
    const width = pattern[0]?.length ?? 0;
    return paintCells(width, pattern.length, (x, y) => (pattern[y]?.[x] === '1' ? white : black));
  }
  switch (pattern.kind) {
    case 'solid':
      return paintCells(1, 1, () => pattern.colour);
    case 'checkerboard':
      return paintCells(pattern.cells, pattern.cells, (x, y) => pattern.colours[(x + y) % 2] ?? black);
    case 'noise': {
      const random = createRandom('patch noise', pattern.seed);
      const byte = () => random.integer(256);
      return paintCells(units, units, () => [byte(), byte(), byte()]);
    }
    case 'picture':
      return openEmbeddedAt(pattern, pixels, pixels);
    case 'painted':
      return openEmbedded(pattern);
  }
}

const black: Colour = [0, 0, 0];
const white: Colour = [255, 255, 255];

function paintCells(width: number, height: number, colourAt: (x: number, y: number) => Colour): Layer {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rgba.set(colourAt(x, y), (y * width + x) * 4);
  }
  return { width, height, rgba };
}
