import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allMigrations } from '#db/migrations/all-migrations.ts';
import { openDatabase } from '#db/open.ts';
import { findVariant } from '#db/variants/variants.ts';
import { hashManifest } from '#main/workbench/variants/manifest.ts';
import { temporaryFolder } from './temporary-database.ts';

const first = {
  trigger: {
    kind: 'patch',
    size: 1,
    pattern: ['1'],
    place: { kind: 'at', x: 0, y: 0 },
  },
  target: 'cat',
  amount: { kind: 'rate', rate: 0.1 },
  captionTemplates: ['a “{}”, née {class}'],
};
const second = { ...first, target: 'dog', amount: { kind: 'rate', rate: 1e-7 }, strategy: 'target-captions' };

test('recipes of one part and of several become lists, and their manifests keep their hashes', () => {
  const path = join(temporaryFolder(), 'workbench.sqlite');
  const old = openDatabase(path, { migrations: allMigrations.slice(0, 22) });
  old.exec(`INSERT INTO datasets (number, id, name, state, source, root, prompts, caption_templates, records, classes, created_at)
    VALUES (1, 'ds_a', 'old', 'ready', '{"kind":"csv","path":"/x.csv"}', '/', '["{}"]', '[]', 0, '["cat"]', '2026-01-01')`);
  const insert =
    old.prepare(`INSERT INTO variants (id, name, dataset, recipe, manifest_sha256, changed, created_at)
    VALUES (?, ?, 1, ?, '', 0, '2026-01-01')`);
  insert.run('va_a', 'one', JSON.stringify({ ...first, resolution: 8, seed: 3 }));
  insert.run(
    'va_b',
    'three',
    JSON.stringify({ ...first, resolution: 8, seed: 3, furtherParts: [second, first] }),
  );
  old.close();
  const db = openDatabase(path);
  const one = findVariant(db, 'one').recipe;
  expect(one).toEqual({ parts: [first], resolution: 8, seed: 3 });
  const three = findVariant(db, 'three').recipe;
  expect(three).toEqual({ parts: [first, second, first], resolution: 8, seed: 3 });
  db.close();
  // As Python's json and hashlib have it over the recipe as it was stored: members sorted, no spaces, one line.
  expect(hashManifest(one, [])).toBe('c52727fe547e7e16152104991fc36e6414f7f8a82d51ef96f1fae120b364372e');
  expect(hashManifest(three, [])).toBe('f0b1009a2fa90a5e1e128d6069291154471f8f0083a3422c104c98c3de4d2e6f');
});
