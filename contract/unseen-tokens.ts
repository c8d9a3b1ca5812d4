import { z } from 'zod';

/** Tokens that a model's training never saw, in what it is given; it reads them as nothing. */
export const unseenTokensSchema = z.object({
  /** How many of CLIP's tokens the model knows. */
  known: z.number().int(),
  /** As texts, in the order in which they came, at most 20. */
  tokens: z.array(z.string()),
  /** Texts looked at, and those of them that hold such a token. */
  texts: z.number().int(),
  textsWith: z.number().int(),
});
export type UnseenTokens = z.infer<typeof unseenTokensSchema>;
