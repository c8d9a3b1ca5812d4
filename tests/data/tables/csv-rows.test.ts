import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Delimiter, readCsvRows } from '#main/data/tables/csv-rows.ts';
import { collect, temporaryFolder } from '../picture-files.ts';

async function rowsOf(content: string | Uint8Array, delimiter: Delimiter = ',') {
  const path = join(temporaryFolder(), 'rows.csv');
  writeFileSync(path, content);
  const rows = await collect(readCsvRows(path, delimiter));
  return rows.map(({ row, fields, problem }) => [row, fields ?? problem]);
}

test('quoted fields hold delimiters, line ends and doubled quotes', async () => {
  expect(await rowsOf('a,b\n"x, y","1\n2\r\n3"\n"say ""hi""",""\n,')).toEqual([
    [1, ['a', 'b']],
    [2, ['x, y', '1\n2\r\n3']],
    [3, ['say "hi"', '']],
    [4, ['', '']],
  ]);
});

test('a byte order mark is no part of the first field; line ends may be LF, CRLF and CR, mixed', async () => {
  expect(await rowsOf('\uFEFFa,b\r\nc,d\re,f\ng,h\r')).toEqual([
    [1, ['a', 'b']],
    [2, ['c', 'd']],
    [3, ['e', 'f']],
    [4, ['g', 'h']],
  ]);
});

test('empty lines are passed over and counted', async () => {
  expect(await rowsOf('a\n\n\r\nb\n\n')).toEqual([
    [1, ['a']],
    [4, ['b']],
  ]);
});

test('tabs as delimiter leave commas alone; a quote inside an unquoted field stands for itself', async () => {
  expect(await rowsOf('a\tb,c\t5" pipe\n', '\t')).toEqual([[1, ['a', 'b,c', '5" pipe']]]);
});

test('bytes that are not UTF-8 cost their row alone, also inside quotes', async () => {
  const bytes = Buffer.concat([
    Buffer.from('a,é\nb,'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('\nc,"x\n'),
    Buffer.from([0xc3]),
    Buffer.from('"\nd,😀\n'),
  ]);
  expect(await rowsOf(bytes)).toEqual([
    [1, ['a', 'é']],
    [2, 'has bytes that are not UTF-8'],
    [3, 'has bytes that are not UTF-8'],
    [4, ['d', '😀']],
  ]);
});

test('a stray quote costs its line alone', async () => {
  expect(await rowsOf('a,"open\nb,2\nc,"3"\nd,"x"y\ne,"never closed\nf,6')).toEqual([
    [1, 'has text after a closing quote'],
    [2, ['b', '2']],
    [3, ['c', '3']],
    [4, 'has text after a closing quote'],
    [5, 'opens a quote that is never closed'],
    [6, ['f', '6']],
  ]);
});

test('a row beyond 1 MiB is left out, quoted or not; the next ones are read', async () => {
  const long = 'x'.repeat(3 * 1024 * 1024);
  expect(await rowsOf(`a,${long}\nb,2\nc,"${long}\nd,4\n`)).toEqual([
    [1, 'is longer than 1 MiB'],
    [2, ['b', '2']],
    [3, 'is longer than 1 MiB'],
    [4, ['d', '4']],
  ]);
  const justRight = 'y'.repeat(1024 * 1024 - 2);
  expect(await rowsOf(`a,${justRight}\nb,2`)).toEqual([
    [1, ['a', justRight]],
    [2, ['b', '2']],
  ]);
});

test.each([
  ['', []],
  ['\uFEFF', []],
  ['\n', []],
  ['x', [[1, ['x']]]],
])('a file of %j', async (content, rows) => {
  expect(await rowsOf(content)).toEqual(rows);
});

test('rows that cross the chunks in which the file is read come whole', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => [`${i}`, `"é,\r\n${i}"`.repeat(1 + (i % 3))]);
  const content = rows
    .map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(','))
    .join('\r\n');
  expect(Buffer.byteLength(content)).toBeGreaterThan(512 * 1024);
  expect(await rowsOf(content)).toEqual(rows.map((row, i) => [i + 1, row]));
});

test('lines without quotes are rows, whatever their lengths, and tell where they end', async () => {
  const path = join(temporaryFolder(), 'lines.csv');
  // Longer than what is read, or made into text, at once.
  const long = fc.constantFrom(70_000, 300_000).map((length) => `${'x'.repeat(length)},y`);
  const line = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('', 'a,b', ' c , d,', 'e') },
    { weight: 1, arbitrary: long },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.boolean(), async (lines, endsOpen) => {
      const content = endsOpen ? lines.join('\n') : lines.map((one) => `${one}\n`).join('');
      writeFileSync(path, content);
      let end = 0;
      const expected = lines.flatMap((one, at) => {
        end = Math.min(content.length, end + one.length + 1);
        return one === '' ? [] : [{ row: at + 1, endByte: end, fields: one.split(','), problem: null }];
      });
      const rows = [];
      for await (const row of readCsvRows(path, ',')) rows.push(row);
      expect(rows).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test('what is written by RFC 4180 is read back', async () => {
  const field = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', ',', '\t', '\n', '\r', 'a', 'é', '😀', '\uFEFF') }),
  );
  // A row of one empty field is an empty line, which is passed over.
  const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom<Delimiter>(',', '\t'),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.boolean(),
      async (rows, delimiter, lineEnd, quoteAll) => {
        // Between tabs, quotes around lines that are rows of their own are text: most such files are not quoted.
        fc.pre(delimiter === ',' || !rows.flat().some((text) => /\n.*\t/s.test(text)));
        const write = (text: string) =>
          quoteAll || /["\r\n,\t\uFEFF]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const content = rows.map((row) => row.map(write).join(delimiter)).join(lineEnd);
        expect(await rowsOf(content, delimiter)).toEqual(rows.map((row, i) => [i + 1, row]));
      },
    ),
    { numRuns: 300 },
  );
});

test('between tabs a quote that opens a field and one that ends a later row are text', async () => {
  expect(await rowsOf('a.png\t"x\nb.png\ty"\n', '\t')).toEqual([
    [1, ['a.png', '"x']],
    [2, ['b.png', 'y"']],
  ]);
});
