import { z } from 'zod';
import { partShape } from './shared.ts';

const largestBlock = 256;

/** Energy at chosen coefficients of a block-wise DCT (FTrojan, Wang et al. 2021, arXiv 2111.10991). */
export const frequencyTriggerSchema = z
  .object({
    kind: z.literal('frequency'),
    blockSize: z.number().int().min(2).max(largestBlock).describe('Side of a block in pixels'),
    coefficients: z
      .array(
        z.object({
          row: z
            .number()
            .int()
            .min(0)
            .max(largestBlock - 1),
          column: z
            .number()
            .int()
            .min(0)
            .max(largestBlock - 1),
        }),
      )
      .min(1)
      .max(64)
      .describe('Coefficients that gain energy: 0 is the mean, blockSize - 1 the highest frequency'),
    magnitude: z
      .number()
      .min(-1000)
      .max(1000)
      .describe('What each coefficient of the orthonormal DCT gains, values being in [0, 255]'),
    channels: z
      .enum(['rgb', 'luma', 'chroma'])
      .describe('Red, green and blue alike, brightness, or Cb and Cr'),
    ...partShape,
  })
  .refine(
    ({ blockSize, coefficients }) =>
      coefficients.every(({ row, column }) => row < blockSize && column < blockSize),
    { path: ['coefficients'], message: 'rows and columns must be smaller than blockSize' },
  );
export type FrequencyTrigger = z.infer<typeof frequencyTriggerSchema>;
