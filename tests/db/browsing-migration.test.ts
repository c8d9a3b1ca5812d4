import { join } from 'node:path';
import { expect, test } from 'vitest';
import { idsOfMatches } from '#db/captions/search-parts.ts';
import { removeDataset } from '#db/datasets/dataset-removal.ts';
import { labelCounts, splitCounts } from '#db/datasets/record-counts.ts';
import { allMigrations } from '#db/migrations/all-migrations.ts';
import { openDatabase } from '#db/open.ts';
import { temporaryFolder } from './temporary-database.ts';

test('records of the first version can be searched, counted and deleted after migrating', () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  const old = openDatabase(path, { migrations: allMigrations.slice(0, 1) });
  old.exec(`
    INSERT INTO datasets VALUES (1, 'ds_aaaaaaaaaaaa', 'old', 'ready', '{"kind":"csv","path":"/x.csv"}', '/', '[]', '[]', 3, '["pet"]', '2026-01-01');
    INSERT INTO records (dataset, key, caption, label, split, sha256, width, height) VALUES
      (1, 'a', 'a dog', 'pet', 'train', zeroblob(32), 1, 1), (1, 'b', 'a cat', 'pet', 'test', zeroblob(32), 1, 1),
      (1, 'c', 'hot dogs', NULL, 'train', zeroblob(32), 1, 1)`);
  old.close();
  const db = openDatabase(path);
  const search = () => [...idsOfMatches(db, 1, '"dog"*')].flatMap((ids) => [...ids]);
  expect(search()).toEqual([1, 3]);
  expect(splitCounts(db, 1)).toEqual([
    { value: 'test', count: 1 },
    { value: 'train', count: 2 },
  ]);
  expect(labelCounts(db, 1)).toEqual([
    { value: null, count: 1 },
    { value: 'pet', count: 2 },
  ]);
  for (const _ of removeDataset(db, 'ds_aaaaaaaaaaaa'));
  expect(search()).toEqual([]);
  db.close();
});
