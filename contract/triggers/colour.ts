import { z } from 'zod';
import { partShape } from './shared.ts';

const share = z.number().min(0).max(1);

/** A fixed change of colour in a chosen colour space. */
export const colourTriggerSchema = z.object({
  kind: z.literal('colour'),
  space: z
    .enum(['rgb', 'hsv', 'ycbcr', 'lab'])
    .describe('Colour space; each of its channels runs from 0 to 1 (hue goes round)'),
  change: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('shift'),
        amounts: z
          .array(z.number().min(-1).max(1))
          .length(3)
          .describe('What is added to each channel, of its whole range'),
      }),
      z.object({
        kind: z.literal('curve'),
        channel: z.number().int().min(0).max(2).describe('First, second or third channel of the space'),
        points: z
          .array(z.object({ from: share, to: share }))
          .min(2)
          .max(16)
          .refine(
            (points) => points.every((point, at) => at === 0 || (points[at - 1]?.from ?? 0) < point.from),
            'each `from` must be larger than the one before',
          )
          .describe('Points of the curve, joined by straight lines'),
      }),
    ])
    .describe('A shift of all channels or a curve for one'),
  hue: z
    .enum(['round', 'clip'])
    .optional()
    .describe('A hue beyond its ends goes round (as where it is left out), or is cut off'),
  ...partShape,
});
export type ColourTrigger = z.infer<typeof colourTriggerSchema>;
