import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { methodNames, methodOf } from '#contract/methods/method-registry.ts';

const root = resolve(import.meta.dirname, '../../..');
/** Where a method has its own file, and the demo and the bench of steps, which are about some of them. */
const allowed = ['contract/methods/', 'main/engine/methods/', 'main/engine/bench/', 'main/workbench/demo.ts'];

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(ts|svelte)$/.test(entry.name)) yield path;
  }
}

it("nothing but a method's own files decides by its name", () => {
  const names = methodNames.map((name) => name.replace('-', '\\-')).join('|');
  const decides = new RegExp(
    `(===|!==|case|includes\\(|has\\(|get\\() ?\\[?['"](${names})['"]|['"](${names})['"] ?(===|!==)`,
  );
  const found = ['contract', 'core', 'db', 'main', 'renderer', 'preload']
    .flatMap((folder) => [...sources(join(root, folder))])
    .map((path) => relative(root, path))
    .filter((path) => !allowed.some((start) => path.startsWith(start)) && !path.startsWith('db/migrations/'))
    .filter((path) => decides.test(readFileSync(join(root, path), 'utf8')));
  expect(found).toEqual([]);
});

it('every preset keeps to the settings of its method, and every setting has its words', () => {
  for (const name of methodNames) {
    const { settings, presets } = methodOf(name);
    for (const preset of presets) {
      expect(settings.parse(preset.settings), `${name} ${preset.name}`).toEqual(preset.settings);
      expect(preset.fraction, name).toBeGreaterThan(0);
      expect(preset.fraction, name).toBeLessThanOrEqual(1);
    }
    const words = Object.values(settings.shape).map(
      (field) => 'meta' in field && typeof field.meta === 'function' && field.meta(),
    );
    for (const one of words) {
      expect(one, name).toMatchObject({ title: expect.any(String), description: expect.any(String) });
    }
  }
});
