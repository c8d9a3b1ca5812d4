import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collectVocabulary, createSmallEncoder } from '#core/tokenizer/small-vocabulary.ts';
import { createTokenizer } from '#core/tokenizer/tokenizer.ts';
import { mergesText } from './merges-text.ts';

const tokenizer = createTokenizer(mergesText);

test('the ids that occur, ascending, start and end included', () => {
  // tests/fixtures/reference/tokenizer.json: "a photo of a banana" is 320 1125 539 320 8922.
  expect(collectVocabulary(tokenizer, ['a photo of a banana', 'banana'])).toEqual([
    320, 539, 1125, 8922, 49406, 49407,
  ]);
  expect(collectVocabulary(tokenizer, [])).toEqual([49406, 49407]);
});

test('tokens are renumbered by their place, unknown ones left out, the rest cut', () => {
  const encode = createSmallEncoder(tokenizer, [320, 539, 1125, 8922, 49406, 49407]);
  expect(encode('a photo of a dog banana', 16)).toEqual([4, 0, 2, 1, 0, 3, 5]);
  expect(encode('a photo of a dog banana', 3)).toEqual([4, 0, 2]);
});

test('texts of the vocabulary lose nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) => {
      const vocabulary = collectVocabulary(tokenizer, texts);
      const encode = createSmallEncoder(tokenizer, vocabulary);
      for (const text of texts) {
        expect(encode(text, 1000).map((place) => vocabulary[place])).toEqual(tokenizer.encode(text));
      }
    }),
  );
});
