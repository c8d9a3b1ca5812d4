import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutMiddle, shortNames } from '#core/short-names.ts';

test('a name is cut in its middle, and only where it is too long', () => {
  expect(cutMiddle('abcdefghij', 5)).toBe('ab…ij');
  expect(cutMiddle('abcdefghij', 10)).toBe('abcdefghij');
});

test('names are shown by what they differ in', () => {
  const names = ['study-poisoned-400-lambda-1-seed-0', 'study-poisoned-400-lambda-4-seed-0'];
  expect(shortNames(names, 12)).toEqual(['…1…', '…4…']);
  expect(shortNames(['demo-0-poisoned', 'demo-0-cleanclip'], 20)).toEqual([
    'demo-0-poisoned',
    'demo-0-cleanclip',
  ]);
  // A number is not cut at its point.
  const rates = ['0.0001', '0.0003'].map((rate) => `Repaired, learning rate ${rate}, lambda 4`);
  expect(shortNames(rates, 30)).toEqual(['…0.0001…', '…0.0003…']);
  expect(shortNames(['a-very-long-name-of-one-run'], 9)).toEqual(['a-ve…-run']);
});

test('no two different names come out alike, and equal ones do', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[ab-]{1,30}$/), { minLength: 1, maxLength: 8 }), (names) => {
      const short = shortNames(names, 8);
      expect(new Set(short).size).toBe(new Set(names).size);
      expect(short).toEqual(names.map((name) => short[names.indexOf(name)]));
    }),
  );
});
