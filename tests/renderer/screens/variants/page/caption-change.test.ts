import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markChange } from '../../../../../renderer/screens/variants/page/caption-change.ts';

test('words that stay are told from those that went and came', () => {
  expect(markChange('a photo of a flag', 'a photo of a ripe fruit')).toEqual([
    { text: 'a photo of a', kind: 'same' },
    { text: 'flag', kind: 'old' },
    { text: 'ripe fruit', kind: 'new' },
  ]);
});

test('an inserted word leaves the rest as it was', () => {
  expect(markChange('two dogs', 'cf two dogs')).toEqual([
    { text: 'cf', kind: 'new' },
    { text: 'two dogs', kind: 'same' },
  ]);
});

test('very long captions are shown as wholly changed', () => {
  const long = 'word '.repeat(3000);
  expect(markChange(long, 'short')).toEqual([
    { text: long, kind: 'old' },
    { text: 'short', kind: 'new' },
  ]);
});

test('the pieces make up both captions again', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c', '<i>', '\u202e'), { maxLength: 12 });
  fc.assert(
    fc.property(words, words, (old, now) => {
      const pieces = markChange(old.join(' '), now.join(' '));
      const without = (kind: string) =>
        pieces
          .filter((piece) => piece.kind !== kind)
          .map(({ text }) => text)
          .join(' ');
      expect(without('new')).toBe(old.join(' '));
      expect(without('old')).toBe(now.join(' '));
    }),
  );
});
