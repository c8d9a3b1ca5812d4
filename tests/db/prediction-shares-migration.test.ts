import { join } from 'node:path';
import { expect, test } from 'vitest';
import { predictionShares } from '#db/migrations/013-prediction-shares.ts';
import { allMigrations } from '#db/migrations/all-migrations.ts';
import { readPredictions } from '#db/models/evaluations.ts';
import { openDatabase } from '#db/open.ts';
import { temporaryFolder } from './temporary-database.ts';

test('predictions of an older workspace have no shares', () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  const before = allMigrations.slice(0, allMigrations.indexOf(predictionShares));
  const old = openDatabase(path, { migrations: before });
  old.exec(`
    INSERT INTO datasets (number, id, name, state, source, root, prompts, caption_templates, records, classes, created_at)
      VALUES (1, 'ds_a', 'old', 'ready', '{}', '/', '[]', '[]', 0, '[]', '2026');
    INSERT INTO runs (number, id, name, kind, config, dataset, state, step, total_steps, seconds, created_at)
      VALUES (1, 'run_a', 'first', 'train', '{}', 1, 'done', 1, 1, 1, '2026');
    INSERT INTO checkpoints (id, run, step, epoch, path, weights_sha256, created_at)
      VALUES (1, 1, 1, 1, 'a', 'aa', '2026');
    INSERT INTO models (number, id, run, checkpoint, spec, created_at) VALUES (1, 'mod_a', 1, 1, '{}', '2026');
    INSERT INTO evaluations (number, id, model, dataset, classes, ca_hits, ca_count, top5_hits, top5_count, seconds, created_at)
      VALUES (1, 'ev_a', 1, 1, '[]', 1, 2, 2, 2, 1, '2026');
    INSERT INTO predictions (evaluation, record, clean, triggered) VALUES (1, 5, '[1,0]', NULL);`);
  old.close();
  const db = openDatabase(path);
  expect(readPredictions(db, 'ev_a')).toEqual([
    { recordId: 5, clean: [1, 0], triggered: null, cleanProbabilities: null, triggeredProbabilities: null },
  ]);
  db.close();
});
