import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listDatasets } from '#db/datasets/datasets.ts';
import { openDatabase } from '#db/open.ts';
import { statusOf, toApiError } from '#main/api/errors.ts';
import { makeFolder } from '../workbench/fixtures.ts';

test('a call that the end of the program cuts off is no fault: the window asks again when there is a host', () => {
  const { folder, remove } = makeFolder();
  const db = openDatabase(join(folder, 'workbench.sqlite'));
  db.close();
  remove();
  let thrown: unknown;
  try {
    listDatasets(db);
  } catch (error) {
    thrown = error;
  }
  const wire = { kind: 'unavailable', message: 'The workbench is closing.', details: { host: 'gone' } };
  expect(toApiError(thrown).data).toEqual(wire);
  expect(statusOf(thrown)).toEqual({ status: 503, wire });
});
