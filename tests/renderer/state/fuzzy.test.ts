import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzyFilter, fuzzyScore } from '../../../renderer/state/fuzzy.ts';

const titles = ['New run', 'Run the demo', 'Runs', 'Theme: dark', 'demo-0-cleanclip', 'Régime'];
const find = (typed: string) => fuzzyFilter(typed, titles, (title) => [title]);

test('a word found whole comes before letters that are spread', () => {
  expect(find('runs')[0]).toBe('Runs');
  expect(find('dark')).toEqual(['Theme: dark']);
  expect(find('clip')).toEqual(['demo-0-cleanclip']);
});

test('initials find a command; accents and case do not matter', () => {
  expect(find('rtd')[0]).toBe('Run the demo');
  expect(find('REGIME')).toEqual(['Régime']);
});

test('other words count from their start only', () => {
  const one = [{ title: 'Import data', words: ['csv'] }];
  expect(fuzzyFilter('cs', one, ({ title, words }) => [title, ...words])).toEqual(one);
  expect(fuzzyFilter('sv', one, ({ title, words }) => [title, ...words])).toEqual([]);
});

test('something fits exactly when its characters occur in this order', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 12 });
  fc.assert(
    fc.property(letters, letters, (typed, text) => {
      let at = 0;
      const needle = typed.replaceAll(' ', '');
      for (const character of text) if (character === needle[at]) at += 1;
      expect(fuzzyScore(typed, text) !== null).toBe(at === needle.length);
    }),
  );
});
