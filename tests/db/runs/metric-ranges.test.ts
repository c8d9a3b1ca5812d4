import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thinSeries } from '#core/statistics/thin-series.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { readThinned } from '#db/runs/metric-ranges.ts';
import { insertMetrics } from '#db/runs/metrics.ts';
import { insertRun } from '#db/runs/runs.ts';
import { datasetNamed, runNamed } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

function databaseWithRun() {
  const db = temporaryDatabase();
  const run = insertRun(db, runNamed('first', beginImport(db, datasetNamed('pairs')).finish().id));
  return { db, run: run.id };
}

const points = (count: number, valueAt: (step: number) => number, name = 'loss') =>
  Array.from({ length: count }, (_, index) => ({ step: index + 1, name, value: valueAt(index + 1) }));

test('a short series comes whole, those that are not wanted do not come, and what is no number is left out', () => {
  const { db, run } = databaseWithRun();
  insertMetrics(
    db,
    run,
    points(5, (step) => (step === 3 ? Number.NaN : step === 4 ? Number.POSITIVE_INFINITY : step)),
  );
  insertMetrics(
    db,
    run,
    points(2, () => 7, 'ca'),
  );
  insertMetrics(
    db,
    run,
    points(2, () => Number.NaN, 'broken'),
  );
  expect(readThinned(db, run, ['loss', 'broken', 'none'], 100)).toEqual([
    { name: 'loss', steps: [1, 2, 5], values: [1, 2, 5] },
  ]);
  expect(readThinned(db, run, null, 100).map(({ name }) => name)).toEqual(['ca', 'loss']);
});

test('of a long one the extremes stay with their steps, in order, and never more points than wanted', () => {
  const { db, run } = databaseWithRun();
  const count = 30_000;
  const valueAt = (step: number) => (step === 12_345 ? 99 : step === 20_001 ? -99 : Math.sin(step / 50));
  const all = points(count, valueAt);
  for (let from = 0; from < count; from += 777) insertMetrics(db, run, all.slice(from, from + 777));
  const [series] = readThinned(db, run, ['loss'], 400);
  if (series === undefined) throw new Error('no series');
  expect(series.steps.length).toBeLessThanOrEqual(400);
  expect(series.steps).toEqual(series.steps.toSorted((a, b) => a - b));
  expect(series.steps.map(valueAt)).toEqual(series.values);
  for (const step of [12_345, 20_001]) expect(series.steps).toContain(step);
});

test('points that a resumed run makes again take the place of the first ones in every stretch', () => {
  const { db, run } = databaseWithRun();
  const count = 20_000;
  insertMetrics(
    db,
    run,
    points(count, () => 1),
  );
  insertMetrics(db, run, [{ step: 9_999, name: 'loss', value: 50 }]);
  insertMetrics(db, run, [{ step: 9_999, name: 'loss', value: 2 }]);
  const [series] = readThinned(db, run, ['loss'], 100);
  expect(Math.max(...(series?.values ?? []))).toBe(2);
});

test('where all points are read it is as thinning them is', () => {
  fc.assert(
    fc.property(
      // SQLite keeps no sign of zero: -0 + 0 is 0.
      fc.array(
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
        { minLength: 1, maxLength: 300 },
      ),
      fc.integer({ min: 4, max: 50 }),
      (values, wanted) => {
        const { db, run } = databaseWithRun();
        insertMetrics(
          db,
          run,
          points(values.length, (step) => values[step - 1] ?? 0),
        );
        const whole = { name: 'loss', steps: values.map((_, index) => index + 1), values };
        expect(readThinned(db, run, null, wanted)).toEqual([thinSeries(whole, wanted)]);
        db.close();
      },
    ),
    { numRuns: 30 },
  );
});
