/**
 * Makes the pictures of docs/guide.md and README.md from the window itself, so that they stay true:
 *
 *   npm run docs:pictures -- [--workspace FOLDER] [--study FOLDER] [--only NAME...]
 *
 * FOLDER is a workspace in which the demo has run (seed 0), or one that study.ts made; it is copied, not changed. Without
 * them the demo and the study run first, which takes minutes. --only takes the pictures of these names. A picture whose screen does not show what the guide says of it is an error.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, expect } from '@playwright/test';
import sharp from 'sharp';
import { buildRendererIfNeeded } from '#main/hosts/build-renderer.ts';
import { findBrowser } from '../e2e/support/find-browser.ts';
import { sandboxArguments, startHost } from '../e2e/support/start-host.ts';
import { emptyScenes, type Scene, scenes, studyScenes } from './scenes.ts';
import { makeStudyWorkspace } from './study.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'docs', 'pictures');

const { values } = parseArgs({
  options: {
    workspace: { type: 'string' },
    study: { type: 'string' },
    only: { type: 'string', multiple: true },
  },
});
const isWanted = ({ name }: Scene) => values.only?.includes(name) ?? true;
const executablePath = findBrowser();
if (executablePath === null) throw new Error('No Chromium, Chrome or Edge is installed: install one first.');

await buildRendererIfNeeded((text) => console.error(text));
await mkdir(folder, { recursive: true });
const temporary = await mkdtemp(join(tmpdir(), 'ccw-pictures-'));
try {
  await takeAll(join(temporary, 'empty'), emptyScenes);
  await takeOf('demo', values.workspace, runDemo, scenes);
  await takeOf('study', values.study, makeStudyWorkspace, studyScenes);
} finally {
  await rm(temporary, { recursive: true, force: true });
}

/** Takes the pictures of a workspace: a copy of the one that is named, or a new one. */
async function takeOf(
  name: string,
  named: string | undefined,
  make: (folder: string) => Promise<void>,
  list: readonly Scene[],
): Promise<void> {
  if (!list.some(isWanted)) return;
  const workspace = join(temporary, name);
  if (named === undefined) await make(workspace);
  else await cp(named, workspace, { recursive: true, filter: (path) => basename(path) !== 'queue.lock' });
  await takeAll(workspace, list);
}

async function takeAll(workspace: string, list: readonly Scene[]): Promise<void> {
  const host = await startHost(workspace);
  const browser = await chromium.launch({ executablePath: executablePath ?? '', args: sandboxArguments });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    await page.goto(host.url);
    const origin = new URL(page.url()).origin;
    for (const { name, theme = 'light', height = 800, show } of list.filter(isWanted)) {
      await page.setViewportSize({ width: 1280, height });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await show(page, origin);
      await page.mouse.move(0, 0);
      await expect(page.locator('.animate-pulse, [aria-busy=true]')).toHaveCount(0, { timeout: 60_000 });
      // Pictures are invisible until they are there (Thumb.svelte).
      await expect(page.locator('img.invisible')).toHaveCount(0, { timeout: 60_000 });
      // What the workspace holds comes last.
      await expect(page.getByText(/ used, .* free$/)).toBeVisible({ timeout: 60_000 });
      const small = await sharp(await page.screenshot())
        .png({ palette: true, quality: 95, effort: 8 })
        .toBuffer();
      await writeFile(join(folder, `${name}.png`), small);
      console.log(`${name}.png, ${Math.round(small.length / 1000)} kB`);
    }
  } finally {
    await browser.close();
    await host.stop();
  }
}

function runDemo(workspace: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'main/hosts/cli.ts'), 'demo'], {
    cwd: root,
    env: { ...process.env, CCW_WORKSPACE: workspace },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) =>
      status === 0 ? resolve() : reject(new Error(`ccw demo ended with ${status}.`)),
    );
  });
}
