import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createTokenTexts } from '#core/tokenizer/token-texts.ts';
import { createTokenizer, type Tokenizer } from '#core/tokenizer/tokenizer.ts';

let tokenizer: Tokenizer | null = null;
let tokenTexts: ((id: number) => string) | null = null;

/** CLIP's byte-pair tokenizer, read once. */
export function loadTokenizer(): Tokenizer {
  tokenizer ??= createTokenizer(readMergesText());
  return tokenizer;
}

/** What each of its tokens stands for, as text for a person; read once. */
export function loadTokenTexts(): (id: number) => string {
  tokenTexts ??= createTokenTexts(readMergesText());
  return tokenTexts;
}

function readMergesText(): string {
  const merges = new URL('../../../core/tokenizer/bpe_simple_vocab_16e6.txt.gz', import.meta.url);
  return gunzipSync(readFileSync(merges)).toString('utf8');
}
