import type { TrianglesTrigger } from '#contract/triggers/structured.ts';
import type { Picture } from '../pixels/picture.ts';
import { blendLimit } from './blend.ts';
import type { TriggerDefinition } from './trigger-definition.ts';
import { blendRectangle, wholeOf } from './whole-blend.ts';

/** Large triangles over the whole picture, a pattern of low frequency (Singh, Croce and Hein 2024, PAR). */
export const trianglesDefinition: TriggerDefinition<TrianglesTrigger> = {
  title: 'Triangles',
  description: 'Large triangles in two colours blended over the whole picture.',
  source: 'Structured patterns of low frequency, as in PAR (arXiv 2412.00727)',
  presets: () => [
    {
      name: 'blended-triangles',
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

/** Each tile holds a triangle that stands on its lower side and has its tip in the middle of the upper one. */
function applyTriangles(picture: Picture, { tiles, colours, alpha }: TrianglesTrigger): Picture {
  const { width, height } = picture;
  const data = picture.data.slice();
  blendRectangle(data, width, wholeOf(picture), alpha, (x, y) => {
    const across = (((x + 0.5) * tiles) / width) % 1;
    const down = (((y + 0.5) * tiles) / height) % 1;
    return colours[Math.abs(across - 0.5) * 2 <= down ? 0 : 1];
  });
  return { width, height, data };
}
