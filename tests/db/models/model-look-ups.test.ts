import { afterEach, expect, test, vi } from 'vitest';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { findModel, insertFileModel, lookUpModel, lookUpModelByWeights } from '#db/models/models.ts';
import { insertRun } from '#db/runs/runs.ts';
import { datasetNamed, runNamed } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

afterEach(() => vi.restoreAllMocks());

test('a model is found by indexes, whatever names it: no table is gone through', () => {
  const db = temporaryDatabase();
  const prepare = vi.spyOn(db, 'prepare');
  insertRun(db, runNamed('waits', beginImport(db, datasetNamed('pairs')).finish().id));
  const origin = { kind: 'file', path: '/a.pt', sha256: 'ab'.repeat(32) } as const;
  const spec = {
    architecture: 'tiny',
    clip: {
      embedDim: 8,
      image: { kind: 'vit' as const, resolution: 32, patchSize: 8, width: 64, layers: 1, heads: 1 },
      text: { contextLength: 16, vocabularySize: 3, width: 64, heads: 1, layers: 1 },
    },
    vocabulary: [5, 9, 49407],
    headClasses: null,
  };
  const { id } = insertFileModel(db, { name: 'brought', origin, folder: 'm', weightsSha256: 'cc', spec });
  expect(findModel(db, 'brought').id).toBe(id);
  expect(lookUpModel(db, 'waits').run?.name).toBe('waits');
  expect(lookUpModelByWeights(db, 'cc')?.id).toBe(id);
  // Those that look a model up by something.
  const statements = prepare.mock.calls.map(([sql]) => sql).filter((sql) => /m\.spec[\s\S]+WHERE/.test(sql));
  expect(statements).toHaveLength(5);
  for (const sql of statements) {
    const values = Array(sql.split('?').length - 1).fill('x');
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    expect(plan.filter(({ detail }) => detail.startsWith('SCAN '))).toEqual([]);
  }
});
