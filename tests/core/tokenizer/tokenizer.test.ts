import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenizer, tokenise } from '#core/tokenizer/tokenizer.ts';
import { mergesText } from './merges-text.ts';

// Token ids of the reference for 102 texts: tests/parity/tokenizer.test.ts.
const tokenizer = createTokenizer(mergesText);

test("the ids are CLIP's", () => {
  expect([tokenizer.startId, tokenizer.endId, tokenizer.size]).toEqual([49406, 49407, 49408]);
});

test('any text starts and ends with its marks, and lies within the vocabulary between', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const ids = tokenizer.encode(text);
      expect(ids[0]).toBe(49406);
      expect(ids.at(-1)).toBe(49407);
      for (const id of ids.slice(1, -1)) expect(id).toBeLessThan(49406);
    }),
  );
});

test('case and the width of spaces change nothing, and a text read twice reads the same', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9 ,.!'-]{0,40}$/), (text) => {
      const ids = tokenizer.encode(text);
      expect(tokenizer.encode(` ${text.toUpperCase().replaceAll(' ', ' \n\t')}`)).toEqual(ids);
      expect(tokenizer.encode(text)).toEqual(ids);
    }),
  );
});

test('a text longer than the context is cut, its end token too', () => {
  const ids = tokenizer.encode('a b c d');
  expect(ids).toHaveLength(6);
  expect(tokenise(tokenizer, 'a b c d', 77)).toEqual(ids);
  expect(tokenise(tokenizer, 'a b c d', 4)).toEqual(ids.slice(0, 4));
});

describe('merges that are not whole', () => {
  test('too few lines', () => {
    const short = mergesText.slice(0, 1000);
    expect(() => createTokenizer(short)).toThrow(expect.objectContaining({ kind: 'corrupt-file' }));
  });

  test('a line whose parts nothing made', () => {
    const lines = mergesText.split('\n');
    lines[5] = 'zzzz qqqq';
    expect(() => createTokenizer(lines.join('\n'))).toThrow(/line 6 is "zzzz qqqq"/);
  });
});
