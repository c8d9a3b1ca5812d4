import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchCaptions } from '#db/captions/match-captions.ts';
import { idsOfMatches } from '#db/captions/search-parts.ts';
import { toMatchExpression } from '#db/captions/search-text.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { datasetNamed, recordNumber } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

async function searchIn(captions: string[]) {
  const db = temporaryDatabase();
  await importDataset(db, datasetNamed('captions'), [
    captions.map((caption, place) => recordNumber(place, { caption })),
  ]);
  return (text: string): string[] => {
    const expression = toMatchExpression(text);
    if (expression === null) return captions;
    return [...idsOfMatches(db, 1, expression)]
      .flatMap((ids) => [...ids])
      .map((id) => captions[id - 1] ?? '');
  };
}

test('words are beginnings of words in any order; case and accents do not matter', async () => {
  const search = await searchIn([
    'A dog on a beach',
    'hot dogs',
    'Café crème',
    'endogenous',
    '🦊 in snow',
    "don't stop",
  ]);
  expect(search('dog')).toEqual(['A dog on a beach', 'hot dogs']);
  expect(search('BEA do')).toEqual(['A dog on a beach']);
  expect(search('CRÈME cafe')).toEqual(['Café crème']);
  expect(search('🦊')).toEqual(['🦊 in snow']);
  expect(search("don't")).toEqual(["don't stop"]);
  expect(search('nothing like it')).toEqual([]);
});

test('quotes look for a phrase; one that is still being typed may end in half a word', async () => {
  const search = await searchIn(['a red car', 'a car, red', 'a red carpet']);
  expect(search('"red car"')).toEqual(['a red car']);
  expect(search('"red car')).toEqual(['a red car', 'a red carpet']);
  expect(search('car red')).toEqual(['a red car', 'a car, red', 'a red carpet']);
});

test('text without a word to search for finds everything', () => {
  for (const text of ['', '   ', '"', '"" *', '-(:)', '\0', '...'])
    expect(toMatchExpression(text)).toBeNull();
});

test('whatever is typed is no syntax error', async () => {
  const search = await searchIn(['a dog AND a cat']);
  const hostile = [
    'AND',
    'OR NOT',
    'NEAR(a b)',
    'caption:dog',
    '"a',
    'a"b',
    '^a',
    'a*',
    '{a b}:c',
    '-dog',
    '+a',
    "'",
    '\0a',
    'a\0"b',
    '\ud800',
  ];
  for (const text of hostile) expect(() => search(text)).not.toThrow();
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ unit: fc.constantFrom(...'a"*^:()-+{} \0é🦊') }),
      ),
      (text) => {
        search(text);
      },
    ),
  );
  expect(() => search('x '.repeat(500))).not.toThrow();
});

/** Words over letters whose folding is known by hand: what is not a letter or digit separates them. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

test('a search agrees with a plain filter', async () => {
  const letters = fc.string({ unit: fc.constantFrom(...'abABéÉ1 -,.'), maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        letters.filter((text) => text.trim() !== ''),
        { minLength: 1, maxLength: 8 },
      ),
      letters,
      async (captions, text) => {
        const expression = toMatchExpression(text);
        const found = expression === null ? null : matchCaptions(captions, expression);
        const expected = captions.map((caption) =>
          text.split(' ').every((typed) => {
            const wanted = wordsOf(typed);
            const words = wordsOf(caption);
            if (wanted.length === 0) return true;
            return words.some((_, at) =>
              wanted.every((word, place) =>
                place === wanted.length - 1
                  ? words[at + place]?.startsWith(word)
                  : words[at + place] === word,
              ),
            );
          }),
        );
        expect(captions.map((_, place) => found === null || found.has(place))).toEqual(expected);
      },
    ),
    { numRuns: 200 },
  );
});

test('a search gives all that match', async () => {
  const captions = Array.from({ length: 7_000 }, (_, i) => (i % 7 === 0 ? 'a cat' : `a dog ${i}`));
  const search = await searchIn(captions);
  expect(search('dog')).toEqual(captions.filter((caption) => caption.startsWith('a dog')));
  expect(search('a')).toEqual(captions);
  expect(search('cat a')).toHaveLength(1_000);
});
