import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineRecord } from '#contract/engine.ts';
import { readRecordsFile, writeRecordsFile } from '#main/data/feeding/records-file.ts';
import { collect, temporaryFolder } from '../picture-files.ts';

const records = Array.from(
  { length: 3000 },
  (_, i): EngineRecord => ({
    recordId: i,
    key: `ü/${i}.png`,
    image: `/data/ü/${i}.png`,
    caption: `line\u2028one\nline "two" ${i}`,
    label: i % 2 === 0 ? null : 'boat',
    poisoned: i % 3 === 0,
  }),
);

test('records are read as they were written, one a line', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'records.jsonl');
  expect(await writeRecordsFile(path, records)).toBe(3000);
  expect(await collect(readRecordsFile(path))).toEqual(records);
  expect(readdirSync(folder)).toEqual(['records.jsonl']);
});

test('an empty file has no records', async () => {
  const path = join(temporaryFolder(), 'records.jsonl');
  expect(await writeRecordsFile(path, [])).toBe(0);
  expect(await collect(readRecordsFile(path))).toEqual([]);
});

test('a damaged line is named; a missing file is told apart', async () => {
  const path = join(temporaryFolder(), 'records.jsonl');
  writeFileSync(path, `${JSON.stringify(records[0])}\n{"recordId":1,"key":"a"}\n`);
  await expect(collect(readRecordsFile(path))).rejects.toMatchObject({
    kind: 'corrupt-file',
    message: expect.stringContaining('Line 2'),
  });
  writeFileSync(path, JSON.stringify(records[0]).slice(0, 20));
  await expect(collect(readRecordsFile(path))).rejects.toMatchObject({ kind: 'corrupt-file' });
  await expect(collect(readRecordsFile(`${path}.gone`))).rejects.toMatchObject({ kind: 'not-found' });
});
