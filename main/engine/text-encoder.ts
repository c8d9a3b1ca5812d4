import type { ModelSpec } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { createSmallEncoder } from '#core/tokenizer/small-vocabulary.ts';
import { tokenise } from '#core/tokenizer/tokenizer.ts';
import { loadTokenizer } from '#main/data/words/clip-merges.ts';

/** Tokens of CLIP's byte-pair vocabulary. */
export const fullVocabularySize = 49408;

/** Token ids of a text, at most the model's context long, as its text tower takes them. */
export type TextEncoder = (text: string) => number[];

/** How a model reads text: with all of CLIP's tokens, or with those it was built for. */
export function createTextEncoder({ clip, vocabulary }: ModelSpec): TextEncoder {
  const tokenizer = loadTokenizer();
  const { contextLength } = clip.text;
  if (vocabulary === null && clip.text.vocabularySize < fullVocabularySize) {
    throw new WorkbenchError(
      'bad-input',
      `This model reads ${clip.text.vocabularySize} tokens of its own, not CLIP's ${fullVocabularySize}, and its file does not say which: no text can be given to it. Use a file that this workbench exported, which says it.`,
      { vocabularySize: clip.text.vocabularySize },
    );
  }
  if (vocabulary === null) return (text) => tokenise(tokenizer, text, contextLength);
  const encode = createSmallEncoder(tokenizer, vocabulary);
  return (text) => encode(text, contextLength);
}
