import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { augmentText } from '#core/captions/augment-text.ts';
import { createRandom } from '#core/random/random.ts';

test.each([
  ['fruit: apple!', 'fruit apple'],
  ["it's", 'its'],
  ['co-op', 'co op'],
  ['apple', 'apple'],
  ['¡hola, «niño»!', 'hola niño'],
  ['?!', '?!'],
  ['', ''],
])('texts of at most two words only lose punctuation: %s', (text, expected) => {
  for (let seed = 0; seed < 20; seed++) expect(augmentText(text, createRandom(seed))).toBe(expected);
});

describe('longer texts', () => {
  const text = 'one two three four five six';
  const views = Array.from({ length: 4000 }, (_, seed) =>
    augmentText(text, createRandom('view', seed)).split(' '),
  );
  const original = text.split(' ');

  test('keep a part of their words, at least one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 3, maxLength: 6 }),
        fc.integer(),
        (words, seed) => {
          const kept = augmentText(words.join(' '), createRandom(seed)).split(' ');
          expect(kept.length).toBeGreaterThan(0);
          const left = [...words];
          for (const word of kept) {
            expect(left).toContain(word);
            left.splice(left.indexOf(word), 1);
          }
        },
      ),
    );
  });

  test('lose each word with probability 0.15', () => {
    const kept = views.reduce((sum, view) => sum + view.length, 0) / (views.length * original.length);
    // Standard error: sqrt(0.15 x 0.85 / 24,000) = 0.0023; five of them.
    expect(Math.abs(kept - 0.85)).toBeLessThan(0.012);
  });

  test('have two words swapped in half of the cases', () => {
    const whole = views.filter((view) => view.length === original.length);
    const swapped = whole.filter((view) => view.join(' ') !== text);
    for (const view of swapped) expect(view.filter((word, at) => word !== original[at])).toHaveLength(2);
    // About 1,500 whole ones: standard error 0.013; five of them.
    expect(Math.abs(swapped.length / whole.length - 0.5)).toBeLessThan(0.065);
  });
});
