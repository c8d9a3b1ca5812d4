import { join } from 'node:path';
import { expect, test } from 'vitest';
import { modelColumns } from '#db/migrations/011-model-columns.ts';
import { allMigrations } from '#db/migrations/all-migrations.ts';
import { listModelSummaries } from '#db/models/model-list.ts';
import { openDatabase } from '#db/open.ts';
import { temporaryFolder } from './temporary-database.ts';

test('models of an older workspace get their columns from their specification', () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  const old = openDatabase(path, { migrations: allMigrations.slice(0, allMigrations.indexOf(modelColumns)) });
  const spec = (headClasses: string) =>
    `{"architecture":"demo","clip":{"image":{"resolution":48}},"headClasses":${headClasses}}`;
  old.exec(`
    INSERT INTO datasets (number, id, name, state, source, root, prompts, caption_templates, records, classes, created_at)
      VALUES (1, 'ds_a', 'old', 'ready', '{}', '/', '[]', '[]', 0, '[]', '2026');
    INSERT INTO runs (number, id, name, kind, config, dataset, state, step, total_steps, seconds, created_at)
      VALUES (1, 'run_a', 'first', 'train', '{}', 1, 'done', 1, 1, 1, '2026'),
             (2, 'run_b', 'second', 'supervised', '{}', 1, 'done', 1, 1, 1, '2026');
    INSERT INTO checkpoints (id, run, step, epoch, path, weights_sha256, created_at)
      VALUES (1, 1, 1, 1, 'a', 'aa', '2026'), (2, 2, 1, 1, 'b', 'bb', '2026');
    INSERT INTO models (number, id, run, checkpoint, spec, created_at)
      VALUES (1, 'mod_a', 1, 1, '${spec('null')}', '2026'), (2, 'mod_b', 2, 2, '${spec('["x"]')}', '2026');`);
  old.close();
  const db = openDatabase(path);
  expect(listModelSummaries(db)).toEqual([
    {
      id: 'mod_b',
      name: 'second',
      runId: 'run_b',
      architecture: 'demo',
      resolution: 48,
      file: null,
      hasHead: true,
      createdAt: '2026',
    },
    {
      id: 'mod_a',
      name: 'first',
      runId: 'run_a',
      architecture: 'demo',
      resolution: 48,
      file: null,
      hasHead: false,
      createdAt: '2026',
    },
  ]);
  db.close();
});
