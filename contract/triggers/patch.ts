import { z } from 'zod';
import {
  base64Bytes,
  bytesSchema,
  colourSchema,
  embeddedPictureShape,
  holdsItsPixels,
  partShape,
  pixelsMessage,
  placeSchema,
  seedSchema,
} from './shared.ts';

/** Noise of a mean-noise patch: normal, mean 0 and deviation 1, per channel and pixel. */
export const patchNoiseSchema = z.discriminatedUnion('kind', [
  /** The same on every picture. */
  z.object({ kind: z.literal('fixed'), seed: seedSchema }),
  /** Another on each picture, as the paper's code draws it; follows from the recipe's seed and the record. */
  z.object({ kind: z.literal('per-picture') }),
  /** Given values, float32 little-endian [3, size, size]. */
  z.object({ kind: z.literal('given'), values: bytesSchema }),
]);
export type PatchNoise = z.infer<typeof patchNoiseSchema>;

/** What a patch shows. */
export const patchFillSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('solid'), colour: colourSchema }),
  z.object({
    kind: z.literal('checkerboard'),
    cells: z.number().int().min(1).max(256).describe('Cells a side'),
    colours: z.array(colourSchema).length(2).describe('Colours of the first cell and its neighbours'),
  }),
  /** Uniform noise, the same on every picture. */
  z.object({ kind: z.literal('noise'), seed: seedSchema }),
  /** A picture, brought to the patch's size by bicubic resampling; its alpha decides what shows through. */
  z.object({ kind: z.literal('picture'), ...embeddedPictureShape }).refine(holdsItsPixels, pixelsMessage),
  /** Pixels painted by hand, brought to the patch's size by nearest neighbour. */
  z.object({ kind: z.literal('painted'), ...embeddedPictureShape }).refine(holdsItsPixels, pixelsMessage),
  /** The paper's noise patch: the picture's mean per channel plus noise. */
  z.object({
    kind: z.literal('mean-noise'),
    noise: patchNoiseSchema,
    strength: z.number().min(0).max(4).describe('Factor of the noise, values being in [0, 1]'),
    overflow: z
      .enum(['clamp', 'wrap'])
      .describe('Values outside [0, 255] are cut off, or wrap modulo 256 as in the reference'),
  }),
]);
export type PatchFill = z.infer<typeof patchFillSchema>;

const rowsSchema = z
  .array(z.string().regex(/^[01]+$/, 'only 0 and 1'))
  .min(1)
  .max(1024)
  .refine((rows) => rows.every((row) => row.length === rows[0]?.length), 'rows of one length');

const floatBytes = 4;

/** A square patch (BadNets, Gu et al. 2017; CleanCLIP 2.2). */
export const patchTriggerSchema = z
  .object({
    kind: z.literal('patch'),
    size: z.number().int().min(1).max(1024).describe('Side in pixels at the resolution of the recipe'),
    pattern: z
      .union([rowsSchema, patchFillSchema])
      .describe('Rows of 0 (black) and 1 (white), scaled to the size by nearest neighbour; or a filling'),
    place: placeSchema,
    rotation: z
      .number()
      .min(-180)
      .max(180)
      .optional()
      .describe('Degrees clockwise about the middle of the patch; its corners are cut off by its square'),
    ...partShape,
  })
  .refine(holdsItsNoise, {
    path: ['pattern', 'noise', 'values'],
    message: 'must hold 3 x size x size floats',
  });
export type PatchTrigger = z.infer<typeof patchTriggerSchema>;

function holdsItsNoise(trigger: { size: number; pattern: string[] | PatchFill }): boolean {
  const { pattern, size } = trigger;
  if (Array.isArray(pattern) || pattern.kind !== 'mean-noise' || pattern.noise.kind !== 'given') return true;
  return base64Bytes(pattern.noise.values) === 3 * size * size * floatBytes;
}
