import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allMigrations } from '#db/migrations/all-migrations.ts';
import { findEvaluation } from '#db/models/evaluations.ts';
import { findImageEmbeddings, saveImageEmbeddings } from '#db/models/image-embeddings.ts';
import { openDatabase } from '#db/open.ts';
import { temporaryFolder } from './temporary-database.ts';

test('what was measured before attacks were told apart is of the first, and further ones find their place', () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  const old = openDatabase(path, { migrations: allMigrations.slice(0, 9) });
  old.exec(`
    INSERT INTO datasets (number, id, name, state, source, root, prompts, caption_templates, records, classes, created_at)
      VALUES (1, 'ds_a', 'old', 'ready', '{"kind":"csv","path":"/x.csv"}', '/', '["{}"]', '[]', 0, '["pet"]', '2026-01-01');
    INSERT INTO variants (number, id, name, dataset, recipe, manifest_sha256, changed, created_at)
      VALUES (1, 'va_a', 'poison', 1, '{}', '', 0, '2026-01-01');
    INSERT INTO runs (number, id, name, kind, config, dataset, state, step, total_steps, seconds, created_at)
      VALUES (1, 'run_a', 'run', 'train', '{}', 1, 'done', 1, 1, 1, '2026-01-01');
    INSERT INTO checkpoints (id, run, step, epoch, path, weights_sha256, created_at)
      VALUES (1, 1, 1, 1, 'x', 'aa', '2026-01-01');
    INSERT INTO models (number, id, run, checkpoint, spec, created_at) VALUES (1, 'mod_a', 1, 1, '{}', '2026-01-01');
    INSERT INTO evaluations (id, model, dataset, variant, prompts, classes, target, ca_hits, ca_count, top5_hits,
      top5_count, asr_hits, asr_count, seconds, created_at)
      VALUES ('ev_a', 1, 1, 1, '["{}"]', '["pet"]', 'pet', 5, 10, 10, 10, 3, 6, 1, '2026-01-01');
    INSERT INTO image_embeddings (model, dataset, variant, path, sha256) VALUES
      (1, 1, 1, 'runs/a', 'aa'), (1, 1, NULL, 'runs/b', 'bb')`);
  old.close();
  const db = openDatabase(path);
  const first = { modelId: 'mod_a', datasetId: 'ds_a', variantId: 'va_a', part: 0 };
  expect(findEvaluation(db, first)).toMatchObject({
    id: 'ev_a',
    part: 0,
    result: { asr: { hits: 3, count: 6 } },
  });
  expect(findEvaluation(db, { ...first, part: 1 })).toBeNull();
  saveImageEmbeddings(db, { ...first, part: 1, path: 'runs/c', sha256: 'cc' });
  saveImageEmbeddings(db, { ...first, path: 'runs/d', sha256: 'dd' });
  expect(findImageEmbeddings(db, first)).toEqual({ path: 'runs/d', sha256: 'dd' });
  expect(findImageEmbeddings(db, { ...first, part: 1 })).toEqual({ path: 'runs/c', sha256: 'cc' });
  expect(findImageEmbeddings(db, { ...first, variantId: null })).toEqual({ path: 'runs/b', sha256: 'bb' });
  expect(db.prepare('SELECT count(*) FROM image_embeddings').pluck().get()).toBe(3);
  db.close();
});
