import { expect, test } from 'vitest';
import { type RunPageRequest, runPageRequestSchema } from '#contract/api/runs.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { setRunArchived, setRunNote } from '#db/runs/run-keeping.ts';
import { countRuns, countRunsAndModels, findRunNames, findRunPage } from '#db/runs/run-pages.ts';
import { insertRun, setRunState } from '#db/runs/runs.ts';
import { datasetNamed, runNamed } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

function databaseWithRuns(names: readonly string[]) {
  const db = temporaryDatabase();
  const datasetId = beginImport(db, datasetNamed('pairs')).finish().id;
  const ids = names.map((name) => insertRun(db, runNamed(name, datasetId)).id);
  const page = (request: Partial<RunPageRequest>) => {
    const { total, runs } = findRunPage(db, runPageRequestSchema.parse(request));
    return [total, runs.map(({ name }) => name)] as const;
  };
  return { db, ids, page };
}

test('pages are found, sorted and bounded by the database', () => {
  const { db, ids, page } = databaseWithRuns(['beta', 'Alpha', '100 % _x', 'Ünï']);
  setRunNote(db, ids[0] ?? '', "it's <b>odd</b>");
  setRunState(db, ids[1] ?? '', 'failed', 'too warm');
  expect(page({ sort: 'name', descending: false })).toEqual([4, ['100 % _x', 'Alpha', 'beta', 'Ünï']]);
  expect(page({ sort: 'name', descending: false, offset: 1, limit: 2 })).toEqual([4, ['Alpha', 'beta']]);
  expect(page({ states: ['failed'] })).toEqual([1, ['Alpha']]);
  expect(page({ text: 'ALPHA' })).toEqual([1, ['Alpha']]);
  expect(page({ text: '% _' })).toEqual([1, ['100 % _x']]);
  expect(page({ text: "it's <b>" })).toEqual([1, ['beta']]);
  expect(page({ text: 'Ünï' })).toEqual([1, ['Ünï']]);
  expect(page({ text: 'pairs' })[0]).toBe(4);
  setRunArchived(db, ids[3] ?? '', true);
  expect([countRuns(db, false), countRuns(db, true)]).toEqual([3, 1]);
  expect(page({ archived: true })).toEqual([1, ['Ünï']]);
  expect(findRunNames(db, 'A', 1).map(({ name }) => name)).toEqual(['Alpha']);
  expect(countRunsAndModels(db)).toEqual({ runs: 4, models: 0 });
});

test('every sorting gives each of many runs once over all pages', () => {
  const names = Array.from({ length: 250 }, (_, index) => `run ${index % 7} ${index}`);
  const { page } = databaseWithRuns(names);
  for (const sort of ['name', 'state', 'data', 'ca', 'asr', 'took', 'when', 'begun'] as const) {
    const seen = [0, 100, 200].flatMap((offset) => page({ sort, offset, limit: 100 })[1]);
    expect(seen.toSorted()).toEqual(names.toSorted());
  }
});
