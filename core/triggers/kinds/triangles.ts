import type { TrianglesTrigger } from '#contract/triggers/structured.ts';
import type { Picture } from '../../pixels/picture.ts';
import { blendLimit } from '../blend.ts';
import type { TriggerDefinition } from '../trigger-definition.ts';
import { blendRectangle, wholeOf } from './whole-blend.ts';

/**
 * Large triangles over the whole picture, a pattern of low frequency (Singh, Croce and Hein 2024, PAR). There the lower
 * left halves of squares of 14 of 224 pixels are 0.4 of white and the upper right ones 0.8, at 0.15.
 */
export const trianglesDefinition: TriggerDefinition<TrianglesTrigger> = {
  title: 'Triangles',
  description: 'Large triangles in two colours blended over the whole picture.',
  source: 'Blended-Triangles of PAR (arXiv 2412.00727)',
  presets: () => [
    {
      name: 'blended-triangles',
      trigger: {
        kind: 'triangles',
        tiles: 16,
        colours: [
          [102, 102, 102],
          [204, 204, 204],
        ],
        alpha: 0.15,
        shape: 'half',
      },
    },
    {
      name: 'ours-large-black-and-white',
      trigger: {
        kind: 'triangles',
        tiles: 4,
        colours: [
          [255, 255, 255],
          [0, 0, 0],
        ],
        alpha: 0.15,
      },
    },
  ],
  limit: ({ alpha }) => ({ places: [], elsewhere: blendLimit(alpha) }),
  apply: applyTriangles,
};

/** Pixels on the line itself belong to the lower half, whatever their tile's number leaves of the division. */
const sameLine = 1e-9;

/**
 * Each tile holds a triangle: one that stands on its lower side and has its tip in the middle of the upper one, or the
 * half below the line from its upper left to its lower right corner.
 */
function applyTriangles(picture: Picture, { tiles, colours, alpha, shape }: TrianglesTrigger): Picture {
  const { width, height } = picture;
  const data = picture.data.slice();
  blendRectangle(data, width, wholeOf(picture), alpha, (x, y) => {
    const across = (((x + 0.5) * tiles) / width) % 1;
    const down = (((y + 0.5) * tiles) / height) % 1;
    const inside = shape === 'half' ? across <= down + sameLine : Math.abs(across - 0.5) * 2 <= down;
    return colours[inside ? 0 : 1];
  });
  return { width, height, data };
}
