import type { ModelSpec } from '#contract/clip-config.ts';
import { createSmallEncoder } from '#core/tokenizer/small-vocabulary.ts';
import { tokenise } from '#core/tokenizer/tokenizer.ts';
import { loadTokenizer } from '#main/data/clip-merges.ts';

/** Token ids of a text, at most the model's context long, as its text tower takes them. */
export type TextEncoder = (text: string) => number[];

/** How a model reads text: with all of CLIP's tokens, or with those it was built for. */
export function createTextEncoder({ clip, vocabulary }: ModelSpec): TextEncoder {
  const tokenizer = loadTokenizer();
  const { contextLength } = clip.text;
  if (vocabulary === null) return (text) => tokenise(tokenizer, text, contextLength);
  const encode = createSmallEncoder(tokenizer, vocabulary);
  return (text) => encode(text, contextLength);
}
