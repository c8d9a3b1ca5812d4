import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meetsFilter, parseFilter, type TableRow } from '#core/run-table/filter.ts';

const columns = ['name', 'method', 'lambda', 'asr', 'tags', 'learningRate'];
const row = (more: TableRow): TableRow => ({ name: 'a run', method: 'cleanclip', tags: [], ...more });
const meets = (text: string, more: TableRow) => meetsFilter(row(more), parseFilter(text, columns));

test("the issue's own example", () => {
  const text = 'lambda >= 2 asr < 10 method:cleanclip';
  expect(parseFilter(text, columns)).toEqual([
    { kind: 'compare', column: 'lambda', operator: '>=', value: 2, not: false },
    { kind: 'compare', column: 'asr', operator: '<', value: 10, not: false },
    { kind: 'one-of', column: 'method', values: ['cleanclip'], not: false },
  ]);
  expect(meets(text, { lambda: 2, asr: 9.9 })).toBe(true);
  expect(meets(text, { lambda: 1.9, asr: 9.9 })).toBe(false);
  expect(meets(text, { lambda: 2, asr: 10 })).toBe(false);
  expect(meets(text, { lambda: 2, asr: 9, method: 'mmcl' })).toBe(false);
});

describe('conditions', () => {
  test.each([
    ['asr<10%', { asr: 9 }, true],
    ['ASR = 9', { asr: 9 }, true],
    ['learningrate<=1e-4', { learningRate: 0.0001 }, true],
    ['asr < 10', { asr: null }, false],
    ['-asr<10', { asr: null }, true],
    ['asr:none', { asr: null }, true],
    ['asr!=none', { asr: 0 }, true],
    ['method:mmcl,cleanclip', {}, true],
    ['-method:mmcl,cleanclip', {}, false],
    ['tags:"last try"', { tags: ['first', 'last try'] }, true],
    ['tags:last', { tags: ['last try'] }, false],
    ['RUN', {}, true],
    ['"a run"', {}, true],
    ['-run', {}, false],
    ['walk', {}, false],
    ['', {}, true],
    ['  ', {}, true],
  ] as const)('%s', (text, more, expected) => {
    expect(meets(text, more)).toBe(expected);
  });
});

test.each([
  ['lamda > 2', /no column 'lamda'\. Columns: name, method/],
  ['lambda >', /'lambda' is compared with nothing/],
  ['lambda > much', /compares with a word/],
  ['"open', /no closing quote/],
  ['> 2', /is no condition/],
])('%s is refused with what to do', (text, message) => {
  expect(() => parseFilter(text, columns)).toThrow(message);
});

test('any text in quotes finds the row whose name it is, and no text is read as something else than an error or terms', () => {
  const name = fc.string().filter((text) => !text.includes('"') && text !== '');
  fc.assert(
    fc.property(name, (text) => {
      expect(meets(`"${text}"`, { name: text })).toBe(true);
      expect(meets(`name:"${text}"`, { name: text })).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseFilter(text, columns);
      } catch (error) {
        expect(error).toMatchObject({ kind: 'bad-input' });
      }
    }),
  );
});
