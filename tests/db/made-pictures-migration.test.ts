import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listMadeKeys } from '#db/datasets/made-pictures.ts';
import { madePictures } from '#db/migrations/014-made-pictures.ts';
import { allMigrations } from '#db/migrations/all-migrations.ts';
import { openDatabase } from '#db/open.ts';
import { temporaryFolder } from './temporary-database.ts';

test('of an older workspace, the dataset emoji owns its pictures; its copies and imports own none', () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  const before = allMigrations.slice(0, allMigrations.indexOf(madePictures));
  const old = openDatabase(path, { migrations: before });
  const add = old.prepare(
    `INSERT INTO datasets (number, id, name, state, source, root, prompts, caption_templates, records, classes, created_at)
     VALUES (?, ?, ?, 'ready', ?, ?, '[]', '[]', 1, '[]', '2026')`,
  );
  const record = old.prepare(
    `INSERT INTO records (dataset, key, caption, split, sha256, width, height) VALUES (?, 'a.png', 'a', 'train', zeroblob(32), 1, 1)`,
  );
  const emoji = JSON.stringify({ kind: 'emoji', packages: {} });
  const rows = [
    ['emoji', emoji, 'datasets/emoji'],
    ['copy', emoji, '/elsewhere'],
    ['mine', JSON.stringify({ kind: 'csv', path: '/x.csv' }), 'datasets/mine'],
  ] as const;
  for (const [index, [name, source, root]] of rows.entries()) {
    add.run(index + 1, `ds_${name}`, name, source, root);
    record.run(index + 1);
  }
  old.close();
  const db = openDatabase(path);
  expect(rows.map(([name]) => listMadeKeys(db, name))).toEqual([['a.png'], [], []]);
  db.close();
});
