import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeDataset } from '#db/datasets/dataset-removal.ts';
import { idSpans, idsWithin } from '#db/datasets/record-blocks.ts';
import { countRecords } from '#db/datasets/records.ts';
import { allMigrations } from '#db/migrations/all-migrations.ts';
import { openDatabase } from '#db/open.ts';
import { temporaryFolder } from './temporary-database.ts';

/** 20,000 records by turns of 3,000 in two datasets: splits and labels follow from the id. */
const turn = 3_000;
const count = 20_000;
const datasetOf = (id: number) => 1 + (Math.floor((id - 1) / turn) % 2);
const splitOf = (id: number) => (['train', 'validation', 'test'] as const)[id % 3]!;
const labelOf = (id: number) => (id % 7 === 0 ? null : `class ${id % 300}`);

test('an older workspace gets split and label of its records in blocks; an import under way begins anew', () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  const old = openDatabase(path, { migrations: allMigrations.slice(0, 31) });
  const dataset = old.prepare(
    `INSERT INTO datasets (number, id, name, state, source, root, prompts, caption_templates, records, classes, created_at, import_progress)
     VALUES (?, ?, ?, ?, '{}', '/', '[]', '[]', 0, '[]', '2026-01-01', ?)`,
  );
  dataset.run(1, 'ds_aaaaaaaaaaaa', 'one', 'ready', null);
  dataset.run(2, 'ds_bbbbbbbbbbbb', 'two', 'ready', null);
  dataset.run(
    3,
    'ds_cccccccccccc',
    'half',
    'importing',
    '{"fingerprint":"f","items":1,"digest":"d","state":null}',
  );
  const record = old.prepare(
    `INSERT INTO records (dataset, key, caption, label, split, sha256, width, height)
     VALUES (?, ?, 'a', ?, ?, zeroblob(32), 1, 1)`,
  );
  old.transaction(() => {
    for (let id = 1; id <= count; id += 1) record.run(datasetOf(id), `${id}`, labelOf(id), splitOf(id));
    record.run(3, 'half', 'x', 'train');
  })();
  old.close();

  const db = openDatabase(path);
  const ids = Array.from({ length: count }, (_, at) => at + 1);
  expect(idSpans(db, 2)).toEqual([
    { first: 3_001, last: 6_000 },
    { first: 9_001, last: 12_000 },
    { first: 15_001, last: 18_000 },
  ]);
  for (const number of [1, 2]) {
    const own = ids.filter((id) => datasetOf(id) === number);
    expect(idsWithin(db, number, null, null)).toEqual(own);
    for (const label of [null, 'class 0', 'class 299']) {
      const expected = own.filter((id) => labelOf(id) === label);
      expect(idsWithin(db, number, [label], null)).toEqual(expected);
      expect(idsWithin(db, number, [label], ['test'])).toEqual(
        expected.filter((id) => splitOf(id) === 'test'),
      );
    }
  }
  const validation = ids.filter((id) => datasetOf(id) === 1 && splitOf(id) === 'validation').length;
  expect(countRecords(db, 'ds_aaaaaaaaaaaa', { split: 'validation' })).toBe(validation);

  expect(db.prepare('SELECT id FROM datasets ORDER BY number').pluck().all()).toEqual([
    'ds_aaaaaaaaaaaa',
    'ds_bbbbbbbbbbbb',
  ]);
  for (const _ of removeDataset(db, 'ds_bbbbbbbbbbbb'));
  expect(db.prepare('SELECT count(*), min(dataset), max(dataset) FROM records').raw().get()).toEqual([
    ids.filter((id) => datasetOf(id) === 1).length,
    1,
    1,
  ]);
  db.close();
});
