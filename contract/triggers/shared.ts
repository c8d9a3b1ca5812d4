import { z } from 'zod';

/** A value that decides something at random, the same every time. */
export const seedSchema = z.number().int().min(0).max(4294967295).describe('Seed');

/** Red, green and blue, each 0 to 255. */
export const colourSchema = z
  .array(z.number().int().min(0).max(255))
  .length(3)
  .describe('Red, green and blue, each 0 to 255');
export type Colour = z.infer<typeof colourSchema>;

/** How much of the trigger shows: 0 changes nothing, 1 hides what was there. */
export const alphaSchema = z.number().min(0).max(1);

/**
 * When the trigger is laid on. `after` (also where it is left out): on the picture brought to the recipe's resolution,
 * as the reference does. `before`: on the picture at its full resolution; places and sizes count in the centre square
 * that preprocessing cuts out, so that a model sees them where they were meant to be.
 */
export const orderShape = {
  apply: z
    .enum(['before', 'after'])
    .optional()
    .describe('Before (full resolution) or after resizing to the resolution of the recipe'),
};

/** How a part shows above what lies under it: a part that is hidden is kept and changes nothing. */
const layerSchema = z
  .object({ opacity: alphaSchema.optional(), hidden: z.literal(true).optional() })
  .describe('How it shows above what lies under it');
export type Layer = z.infer<typeof layerSchema>;

/** What every trigger has that may be a part of a composition. */
export const partShape = { ...orderShape, layer: layerSchema.optional() };

/** Where a patch or a text lies, in pixels at the recipe's resolution; more than one place for `four-corners`. */
export const placeSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('corner'),
      corner: z.enum(['top-left', 'top-right', 'bottom-left', 'bottom-right']),
      margin: z.number().int().min(0),
    }),
    z.object({ kind: z.literal('at'), x: z.number().int().min(0), y: z.number().int().min(0) }),
    z.object({ kind: z.literal('centre') }),
    z.object({ kind: z.literal('four-corners'), margin: z.number().int().min(0) }),
    /** Anywhere it fits, another place in each picture; decided by the recipe's seed and the record. */
    z.object({ kind: z.literal('random') }),
  ])
  .describe('Where it lies, in pixels');
export type Place = z.infer<typeof placeSchema>;

const base64Pattern = /^[A-Za-z0-9+/]*={0,2}$/;

/** Bytes as base64 (RFC 4648, padded). */
export const bytesSchema = z.string().regex(base64Pattern, 'base64').describe('Bytes as base64');

/** Number of bytes that a padded base64 text stands for. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

const largestEmbeddedSide = 1024;

/** A picture inside the parameters: red, green, blue and alpha bytes, row by row. */
export const embeddedPictureShape = {
  width: z.number().int().min(1).max(largestEmbeddedSide).describe('Width in pixels'),
  height: z.number().int().min(1).max(largestEmbeddedSide).describe('Height in pixels'),
  rgba: bytesSchema.describe('Red, green, blue and alpha bytes, row by row, as base64'),
};
export interface EmbeddedPicture {
  width: number;
  height: number;
  rgba: string;
}

export const holdsItsPixels = ({ width, height, rgba }: EmbeddedPicture) =>
  base64Bytes(rgba) === width * height * 4;
export const pixelsMessage = 'rgba must hold width x height x 4 bytes';
