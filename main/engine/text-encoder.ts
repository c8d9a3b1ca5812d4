import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ModelSpec } from '#contract/clip-config.ts';
import { createSmallEncoder } from '#core/tokenizer/small-vocabulary.ts';
import { createTokenizer, type Tokenizer, tokenise } from '#core/tokenizer/tokenizer.ts';

/** Token ids of a text, at most the model's context long, as its text tower takes them. */
export type TextEncoder = (text: string) => number[];

let tokenizer: Tokenizer | null = null;

/** CLIP's byte-pair tokenizer, read once. */
export function loadTokenizer(): Tokenizer {
  if (!tokenizer) {
    const merges = new URL('../../core/tokenizer/bpe_simple_vocab_16e6.txt.gz', import.meta.url);
    tokenizer = createTokenizer(gunzipSync(readFileSync(merges)).toString('utf8'));
  }
  return tokenizer;
}

/** How a model reads text: with all of CLIP's tokens, or with those it was built for. */
export function createTextEncoder({ clip, vocabulary }: ModelSpec): TextEncoder {
  const tokenizer = loadTokenizer();
  const { contextLength } = clip.text;
  if (vocabulary === null) return (text) => tokenise(tokenizer, text, contextLength);
  const encode = createSmallEncoder(tokenizer, vocabulary);
  return (text) => encode(text, contextLength);
}
