import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { packRecords } from '#db/datasets/pack-records.ts';
import { openDatabase } from '#db/open.ts';
import { acquireProcessLock } from '#db/process-lock.ts';
import { makeFolder } from '../../workbench/fixtures.ts';

const { folder, remove } = makeFolder();
afterAll(remove);

test('locks without a program and without a hidden dataset go when the database is opened; young and held ones stay', () => {
  const path = join(folder, 'a.sqlite');
  const first = openDatabase(path);
  const lockOf = (id: string) => `${path}.${id}.lock`;
  const age = (id: string) => utimesSync(lockOf(id), 0, 0);
  const dataset = {
    name: 'half',
    source: { kind: 'folder' as const, path: folder },
    root: folder,
    prompts: ['{}'],
    captionTemplates: ['{}'],
  };
  const half = beginImport(first, dataset, 'x');
  half.addPacked(packRecords([]), { fingerprint: 'x', items: 0, digest: '', state: null });
  for (const id of ['ds_old', 'ds_young', 'ds_held']) acquireProcessLock(lockOf(id))?.release();
  const held = acquireProcessLock(lockOf('ds_held'));
  for (const id of ['ds_old', 'ds_held', half.datasetId]) age(id);
  first.close();

  openDatabase(path).close();
  const left = ['ds_old', 'ds_young', 'ds_held', half.datasetId].filter((id) => existsSync(lockOf(id)));
  expect(left).toEqual(['ds_young', 'ds_held', half.datasetId]);
  held?.release();
});
