/**
 * From the start of the host to a window that can be used: `npm run bench:window [REPEATS]`. Prints a table and
 * writes it into docs/performance.md.
 */
import { cpSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { buildRendererIfNeeded } from '#main/hosts/build-renderer.ts';
import { findInstalledBrowser } from '#scripts/setup/installed-browser.mjs';
import { makeMeasuredWorkspace } from '../api/measured-workspace.ts';
import { sandboxArguments, startHost } from '../e2e/support/start-host.ts';
import { makeFolder } from '../workbench/fixtures.ts';
import { writeSection } from './page-sections.ts';

const repeats = Number(process.argv[2] ?? 7);

const parts = {
  link: 'start of the program to its link (`ccw serve`)',
  usable:
    'start of the program to Home with its runs shown and a link that takes clicks, in a browser that runs',
  withBrowser: 'the same, Chromium’s own start included',
} as const;
type Times = Record<keyof typeof parts, number>;

await buildRendererIfNeeded((text) => console.error(text));
const temporary = makeFolder();
try {
  console.error('Making a workspace with four runs...');
  const made = await makeMeasuredWorkspace(temporary.folder);
  await made.close();
  const times: Times[] = [];
  for (let turn = 0; turn < repeats; turn += 1) {
    const workspace = join(temporary.folder, `copy-${turn}`);
    cpSync(made.workspace.folder, workspace, {
      recursive: true,
      filter: (path) => basename(path) !== 'queue.lock',
    });
    const one = await measureStart(workspace);
    console.error(Object.values(one).map(Math.round).join(' '));
    times.push(one);
    rmSync(workspace, { recursive: true });
  }
  const text = [
    `A workspace with four runs, ${repeats} starts, nothing kept in the browser from one to the next; ${cpus()[0]?.model ?? 'unknown processor'} (${availableParallelism()} cores, load average ${(loadavg()[0] ?? 0).toFixed(1)}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; seconds.`,
    '',
    '| from the start of the host | least | median | most |',
    '|---|---:|---:|---:|',
    ...Object.entries(parts).map(([part, what]) => `| ${what} | ${summarise(times, part as keyof Times)} |`),
  ].join('\n');
  console.log(text);
  writeSection('window', text);
} finally {
  temporary.remove();
}

/** Milliseconds since the host's start. */
async function measureStart(workspace: string): Promise<Times> {
  const start = performance.now();
  const host = await startHost(workspace);
  const link = performance.now() - start;
  let browser: Browser | null = null;
  try {
    browser = await chromium.launch({ executablePath: findInstalledBrowser() ?? '', args: sandboxArguments });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const browserMs = performance.now() - start - link;
    await page.goto(host.url, { waitUntil: 'commit' });
    await page
      .getByRole('table', { name: 'Recent runs' })
      .getByRole('link', { name: 'head' })
      .click({ trial: true });
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link').nth(1).click({ trial: true });
    const withBrowser = performance.now() - start;
    return { link, usable: withBrowser - browserMs, withBrowser };
  } finally {
    await browser?.close();
    await host.stop();
  }
}

function summarise(times: readonly Times[], part: keyof Times): string {
  const sorted = times.map((one) => one[part] / 1000).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return [sorted[0], middle, sorted.at(-1)].map((seconds) => (seconds ?? Number.NaN).toFixed(2)).join(' | ');
}
