import { z } from 'zod';

const phrase = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\S(.*\S)?$/, 'no spaces at the ends');

/**
 * A trigger on the text side: a rare token or a sentence put into a caption (Kurita et al. 2020, arXiv 2004.06660;
 * Dai et al. 2019, arXiv 1905.12457), or a word that stands for another.
 */
export const captionTriggerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('insert'),
    text: phrase.describe('Word, token or sentence to insert'),
    position: z
      .enum(['start', 'end', 'random'])
      .describe('Before the first word, after the last, or between any two by the seed'),
  }),
  z.object({
    kind: z.literal('replace'),
    from: phrase.describe('Word or phrase to look for: whole words, capital or small letters'),
    to: phrase.describe('What stands there instead'),
    absent: z
      .enum(['keep', 'append'])
      .describe('Captions without it stay as they are, or get the new phrase at their end'),
  }),
]);
export type CaptionTrigger = z.infer<typeof captionTriggerSchema>;
