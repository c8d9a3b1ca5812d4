import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { buildRendererIfNeeded } from '#main/hosts/build-renderer.ts';

const root = new URL('../../', import.meta.url);
const output = new URL('dist/renderer/', root);

interface Chunk {
  file: string;
  isEntry?: boolean;
  isDynamicEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
}

const read = (name: string) => readFileSync(new URL(name, output));
let chunks: Record<string, Chunk>;

beforeAll(async () => {
  await buildRendererIfNeeded(() => {});
  chunks = JSON.parse(read('.vite/manifest.json').toString('utf8'));
});

/** A chunk and all that it imports at once. */
function reach(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const next of chunks[name]?.imports ?? []) reach(next, seen);
  return seen;
}
const gzippedBytes = (names: Iterable<string>) =>
  [...names].reduce((sum, name) => sum + gzipSync(read(chunks[name]?.file ?? '')).length, 0);

function findEntry(): string {
  const [entry] = Object.entries(chunks).find(([, chunk]) => chunk.isEntry) ?? [];
  if (entry === undefined)
    throw new Error('dist/renderer has no entry: build it with vite build -c renderer/vite.config.ts');
  return entry;
}

test('the start and every screen stay under 600 kB of gzipped JavaScript, and none brings plotly along', () => {
  const entry = findEntry();
  const start = reach(entry);
  const screens = (chunks[entry]?.dynamicImports ?? []).filter((name) => name.includes('screens/'));
  expect(screens).toHaveLength(11);
  for (const screen of screens) {
    const loaded = reach(screen, new Set(start));
    expect(gzippedBytes(loaded), screen).toBeLessThan(600_000);
    expect(
      [...loaded].filter((name) => name.includes('plotly')),
      screen,
    ).toEqual([]);
  }
});

test('plotly is a chunk of its own, and its code is in nothing that is loaded at first', () => {
  const own = Object.keys(chunks).filter((name) => name.includes('plotly.js-strict-dist-min'));
  expect(own).toHaveLength(1);
  const [plotly = ''] = own;
  expect(chunks[plotly]?.isDynamicEntry).toBe(true);
  // plotly registers its chart types and complains by this name; so it would in any chunk that held it.
  const holdsPlotly = (name: string) => read(chunks[name]?.file ?? '').includes('scattergl');
  expect(holdsPlotly(plotly)).toBe(true);
  expect([...reach(findEntry())].filter(holdsPlotly)).toEqual([]);
});

test('the page has no inline script, which the hosts’ content security policy would stop', () => {
  const page = read('index.html').toString('utf8');
  const scripts = page.match(/<script[^>]*>[^<]*<\/script>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) expect(script).toMatch(/^<script [^>]*src="[^"]+"[^>]*><\/script>$/);
  expect(page).not.toMatch(/\son\w+=/);
});
