import { z } from 'zod';
import { base64Bytes, bytesSchema, partShape, seedSchema } from './shared.ts';

const floatBytes = 4;

/** A smooth, fixed warp of the whole picture (WaNet, Nguyen and Tran 2021, arXiv 2102.10369). */
export const warpTriggerSchema = z
  .object({
    kind: z.literal('warp'),
    gridSize: z.number().int().min(2).max(512).describe('Control points a side: k of WaNet'),
    strength: z
      .number()
      .min(0)
      .max(20)
      .describe('Mean displacement, s of WaNet: 1 moves a pixel by half a pixel on average'),
    control: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('random'), seed: seedSchema }),
        /** Given offsets (across, then down), float32 little-endian [2, gridSize, gridSize]. */
        z.object({ kind: z.literal('given'), values: bytesSchema }),
      ])
      .describe('Offsets of the control points'),
    ...partShape,
  })
  .refine(
    ({ control, gridSize }) =>
      control.kind === 'random' || base64Bytes(control.values) === 2 * gridSize * gridSize * floatBytes,
    { path: ['control', 'values'], message: 'must hold 2 x gridSize x gridSize floats' },
  );
export type WarpTrigger = z.infer<typeof warpTriggerSchema>;
