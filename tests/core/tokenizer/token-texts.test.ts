import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTokenTexts } from '#core/tokenizer/token-texts.ts';
import { createTokenizer } from '#core/tokenizer/tokenizer.ts';
import { mergesText } from './merges-text.ts';

const tokenizer = createTokenizer(mergesText);
const textOf = createTokenTexts(mergesText);

test('marks, words and parts of characters are told apart', () => {
  expect([tokenizer.startId, tokenizer.endId].map(textOf)).toEqual(['<|startoftext|>', '<|endoftext|>']);
  // Byte 0x21 is the first token, and again at the end of a word 256 later.
  expect([0, 256].map(textOf)).toEqual(['!', '!']);
  const fox = tokenizer.encode('\u{1F98A}').slice(1, -1).map(textOf);
  expect(fox.join('').replaceAll(/[<> ]/g, '')).toBe('F09FA68A');
});

test('the texts of a plain text give its words again', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 6 }), (words) => {
      const texts = tokenizer.encode(words.join(' ')).slice(1, -1).map(textOf);
      expect(texts.join('')).toBe(words.join(''));
    }),
  );
});
