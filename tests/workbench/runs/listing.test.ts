import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recordQuerySchema } from '#contract/api/datasets.ts';
import { runPageRequestSchema } from '#contract/api/runs.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { insertRun } from '#db/runs/runs.ts';
import { insertVariant } from '#db/variants/variants.ts';
import { createRecordBrowser } from '#main/workbench/datasets/browsing/record-browser.ts';
import { createRunViewer } from '#main/workbench/runs/run-views.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { datasetNamed, recordNumber, runNamed, variantNamed } from '../../db/records-for-tests.ts';
import { makeFolder } from '../fixtures.ts';

it('lists of runs, of which none runs, take no lock and write nothing', () => {
  const { folder, remove } = makeFolder();
  const workspace = openWorkspace(join(folder, 'workspace'));
  const { db } = workspace;
  insertRun(db, runNamed('waits', beginImport(db, datasetNamed('pairs')).finish().id));
  const changes = () => db.prepare('SELECT total_changes()').pluck().get();
  const before = changes();
  const viewer = createRunViewer(workspace);
  expect(viewer.list(false)).toHaveLength(1);
  expect(viewer.page(runPageRequestSchema.parse({})).total).toBe(1);
  expect(viewer.get('waits').state).toBe('queued');
  expect(changes()).toBe(before);
  expect(existsSync(join(workspace.folder, 'queue.lock'))).toBe(false);
  workspace.close();
  remove();
});

it('a page of records reads no recipe, which may hold pictures', async () => {
  const { folder, remove } = makeFolder();
  const workspace = openWorkspace(join(folder, 'workspace'));
  const { db } = workspace;
  const filling = beginImport(db, datasetNamed('pairs'));
  filling.add([recordNumber(1)]);
  const { id } = filling.finish();
  insertVariant(db, variantNamed('poison', id), []);
  db.prepare("UPDATE variants SET recipe = 'not to be read'").run();
  const page = await createRecordBrowser(workspace).page(recordQuerySchema.parse({ dataset: id }), 0, 10);
  expect(page).toHaveLength(1);
  workspace.close();
  remove();
});
