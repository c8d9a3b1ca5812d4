import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { augmentByEda, wordsOf } from '#core/captions/eda.ts';
import { createRandom } from '#core/random/random.ts';

const synonyms: Record<string, string[]> = { car: ['auto', 'motor vehicle'], red: ['crimson'] };
const synonymsOf = (word: string) => synonyms[word] ?? [];
const views = (text: string, count = 2000) =>
  Array.from({ length: count }, (_, seed) => augmentByEda(text, createRandom('eda', seed), synonymsOf));

test.each([
  ["It's a RED car!", ['its', 'a', 'red', 'car']],
  ['co-op, 2 cats\tand\ndogs’ tails', ['co', 'op', 'cats', 'and', 'dogs', 'tails']],
  ['Café №5', ['caf']],
  ['?!', []],
])('%s has the words of the reference: lower case, letters only', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

describe('one of four operations is taken', () => {
  // Three words: one change each (max(1, int(0.3))).
  const found = views('the red car');
  test('replacement takes one of a word’s synonyms, and never replaces function words', () => {
    for (const view of ['the crimson car', 'the red auto', 'the red motor vehicle'])
      expect(found).toContain(view);
    expect(
      found.some((view) => !view.includes('the') && view.split(' ').length === 3 && view !== 'red car'),
    ).toBe(false);
  });
  test('insertion puts a synonym before the last word', () => {
    for (const view of [
      'crimson the red car',
      'the crimson red car',
      'the red crimson car',
      'the red auto car',
    ])
      expect(found).toContain(view);
    expect(found).not.toContain('the red car crimson');
  });
  test('swap changes two places, deletion leaves words out', () => {
    for (const view of ['red the car', 'car red the', 'the car red', 'red car', 'the car', 'the red'])
      expect(found).toContain(view);
  });
  test('each as often as the others: a quarter of all deletes nothing with probability 0.9 cubed', () => {
    // Unchanged: deletion that takes nothing (1/4 x 0.729), or a swap that found no other place (1/4 x 1/3^4).
    const unchanged = found.filter((view) => view === 'the red car').length / found.length;
    expect(Math.abs(unchanged - (0.729 + 1 / 81) / 4)).toBeLessThan(4 * Math.sqrt((0.19 * 0.81) / 2000));
  });
});

test('some words are always left, and the same draw gives the same view', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer(), (text, seed) => {
      const view = augmentByEda(text, createRandom(seed), synonymsOf);
      expect(view).toBe(augmentByEda(text, createRandom(seed), synonymsOf));
      expect(wordsOf(text).length === 0 ? view === text : view.length > 0).toBe(true);
    }),
  );
});
