import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EngineRecord } from '#contract/engine.ts';
import { openRecordList } from '#main/data/feeding/record-list.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import { temporaryFolder } from '../picture-files.ts';

const recordOf = (caption: string, index: number): EngineRecord => ({
  recordId: index,
  key: `${index}.png`,
  image: `/data/${index}.png`,
  caption,
  label: index % 2 === 0 ? null : 'boat',
  poisoned: index % 3 === 0,
});

test('a list gives the records that were written, in any order and as an array does', async () => {
  // The file is several blocks long.
  const records = Array.from({ length: 6000 }, (_, index) => recordOf(`line\u2028one\nü ${index}`, index));
  const path = join(temporaryFolder(), 'records.jsonl');
  await writeRecordsFile(path, records);
  const list = openRecordList(path);
  expect(list.records.length).toBe(6000);
  expect([...list.records]).toEqual(records);
  expect([5999, 0, 3000, 2999, 17].map((index) => list.records[index])).toEqual(
    [5999, 0, 3000, 2999, 17].map((index) => records[index]),
  );
  expect(list.records[6000]).toBeUndefined();
  expect(list.records.map(({ key }) => key)).toEqual(records.map(({ key }) => key));
  expect(list.records.find(({ poisoned }) => !poisoned)).toEqual(records[1]);
  expect(list.records.slice(10, 12)).toEqual(records.slice(10, 12));
  expect([...list.records.keys()]).toHaveLength(6000);
  list.close();
});

test('any captions come back', async () => {
  const folder = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }), async (captions) => {
      const records = captions.map(recordOf);
      const path = join(folder, 'any.jsonl');
      await writeRecordsFile(path, records);
      const list = openRecordList(path);
      expect([...list.records]).toEqual(JSON.parse(JSON.stringify(records)));
      list.close();
    }),
    { numRuns: 20, seed: 1 },
  );
});

test('a damaged line is named', () => {
  const path = join(temporaryFolder(), 'records.jsonl');
  writeFileSync(path, `${JSON.stringify(recordOf('a', 0))}\n{"recordId":1,"key":"a"}\n`);
  expect(() => openRecordList(path)).toThrow(
    expect.objectContaining({ kind: 'corrupt-file', message: expect.stringContaining('Line 2') }),
  );
});
