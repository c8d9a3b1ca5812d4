import { expect, test } from 'vitest';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { addSeconds, findMeasuredRun, insertRun, setRunState } from '#db/runs/runs.ts';
import { datasetNamed, runNamed } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

test('the latest run that took time, of the method where there is one; the others are not read', () => {
  const db = temporaryDatabase();
  const data = beginImport(db, datasetNamed('pairs')).finish().id;
  const insert = (name: string, method: 'mmcl' | 'cleanclip', seconds: number) => {
    const { id } = insertRun(db, runNamed(name, data, { method }));
    setRunState(db, id, 'done');
    addSeconds(db, id, seconds);
    return id;
  };
  expect(findMeasuredRun(db, 'demo', 'mmcl')).toBeNull();
  const old = insert('old', 'mmcl', 3);
  insert('new', 'mmcl', 5);
  const other = insert('other', 'cleanclip', 7);
  insert('stopped at once', 'mmcl', 0);
  // A list of runs would stumble over this one; the form asks at every key, and reads one run.
  db.prepare("UPDATE runs SET config = '{}' WHERE id = ?").run(old);
  expect(findMeasuredRun(db, 'demo', 'mmcl')).toMatchObject({ name: 'new', seconds: 5 });
  expect(findMeasuredRun(db, 'demo', 'cleanclip')?.id).toBe(other);
  expect(findMeasuredRun(db, 'demo', 'par')?.id).toBe(other);
  expect(findMeasuredRun(db, 'ViT-B/32', 'mmcl')).toBeNull();
});
