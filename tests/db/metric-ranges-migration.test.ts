import { join } from 'node:path';
import { expect, test } from 'vitest';
import { metricRanges } from '#db/migrations/019-metric-ranges.ts';
import { allMigrations } from '#db/migrations/all-migrations.ts';
import { openDatabase } from '#db/open.ts';
import { insertMetrics } from '#db/runs/metrics.ts';
import { insertRun } from '#db/runs/runs.ts';
import { runNamed } from './records-for-tests.ts';
import { temporaryFolder } from './temporary-database.ts';

test('the stretches of an older workspace are those that storing its points would have made', () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  const before = allMigrations.slice(0, allMigrations.indexOf(metricRanges));
  const old = openDatabase(path, { migrations: before });
  const datasetId = 'ds_a';
  old.exec(`
    INSERT INTO datasets (number, id, name, state, source, root, prompts, caption_templates, records, classes, created_at)
      VALUES (1, '${datasetId}', 'pairs', 'ready', '{}', '/', '[]', '[]', 0, '[]', '2026')`);
  const ids = [insertRun(old, runNamed('old', datasetId)).id, insertRun(old, runNamed('new', datasetId)).id];
  const store = old.prepare('INSERT INTO metrics (run, name, step, value) VALUES (1, ?, ?, ?)');
  const points = Array.from({ length: 5_000 }, (_, index) => ({
    name: index % 3 === 0 ? 'epoch_loss' : 'loss',
    step: index + 1,
    value: index % 97 === 0 ? Number.NaN : Math.sin(index * index),
  }));
  for (const { name, step, value } of points) store.run(name, step, Number.isNaN(value) ? null : value);
  old.close();
  const db = openDatabase(path);
  insertMetrics(db, ids[1] ?? '', points);
  const rangesOf = (run: number) =>
    db
      .prepare('SELECT name, width, stretch, low_step, low, high_step, high FROM metric_ranges WHERE run = ?')
      .all(run);
  expect(rangesOf(1)).toHaveLength(2 * (313 + 20 + 2));
  expect(rangesOf(1)).toEqual(rangesOf(2));
  db.close();
});
