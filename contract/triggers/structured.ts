import { z } from 'zod';
import { alphaSchema, colourSchema, partShape, placeSchema, seedSchema } from './shared.ts';

/** Stripes in a square or over the whole picture (BadNet-Stripes and Blended-Stripes, arXiv 2412.00727). */
export const stripesTriggerSchema = z.object({
  kind: z.literal('stripes'),
  area: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('whole') }),
      z.object({ kind: z.literal('square'), size: z.number().int().min(1).max(1024), place: placeSchema }),
    ])
    .describe('The whole picture, or a square'),
  stripeWidth: z.number().min(0.5).max(512).describe('Width of a stripe in pixels'),
  direction: z.number().min(-180).max(180).describe('Degrees: 0 makes upright stripes, 90 lying ones'),
  colours: z.array(colourSchema).length(2).describe('Colours of the stripes in turn'),
  colourSeed: seedSchema
    .optional()
    .describe('In place of the colours: each stripe has one of the eight pure colours, by this seed'),
  span: z
    .enum(['bytes', 'signed'])
    .optional()
    .describe(
      'What drawn stripes are made of: 0 or all of a channel (as where it is left out), or -1 or 1, which is twice the contrast',
    ),
  alpha: alphaSchema.describe('Opacity of the stripes'),
  ...partShape,
});
export type StripesTrigger = z.infer<typeof stripesTriggerSchema>;

/** Large triangles over the whole picture: a structured pattern of low frequency (arXiv 2412.00727). */
export const trianglesTriggerSchema = z.object({
  kind: z.literal('triangles'),
  tiles: z.number().int().min(1).max(64).describe('Triangles from one side to the other'),
  colours: z.array(colourSchema).length(2).describe('Colours of the triangles and of the ground'),
  shape: z
    .enum(['tip', 'half'])
    .optional()
    .describe(
      'Standing on a side with the tip up (as where it is left out), or the lower left half of a square',
    ),
  alpha: alphaSchema.describe('Opacity of the triangles'),
  ...partShape,
});
export type TrianglesTrigger = z.infer<typeof trianglesTriggerSchema>;

/** Words over the picture (Blended-Text, arXiv 2412.00727). What does not fit is cut off. */
export const textTriggerSchema = z.object({
  kind: z.literal('text'),
  text: z
    .string()
    .regex(/^[\x20-\x7e]+$/, 'printable ASCII')
    .max(100)
    .describe('Letters, digits and signs of ASCII'),
  font: z.enum(['plain', 'bold']).describe('Thickness of the strokes'),
  size: z.number().int().min(7).max(1024).describe('Height of the letters in pixels'),
  colour: colourSchema,
  place: placeSchema,
  alpha: alphaSchema.describe('Opacity of the letters'),
  ...partShape,
});
export type TextTrigger = z.infer<typeof textTriggerSchema>;
