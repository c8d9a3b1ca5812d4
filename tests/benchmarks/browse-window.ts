import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { createRandom } from '#core/random/random.ts';
import { findBrowser } from '../e2e/support/find-browser.ts';
import { startHost } from '../e2e/support/start-host.ts';
import { vocabulary } from './browse-data.ts';

/** What was measured in a real window, 1280 x 800 pixels. */
export interface WindowFigures {
  /** Milliseconds from what a person does to the painted grid, and to the grid with all its pictures. */
  times: { what: string; gridMs: number[]; picturesMs: number[] }[];
  /** After scrolling from the first record to the last: at once, and when nothing was asked for a while. */
  memory: { atTheEnd: Memory; rested: Memory };
}

/** Of JavaScript's heap and of the window's process; the latter null where /proc is missing. */
export interface Memory {
  heapMiB: number;
  privateMiB: number | null;
  residentMiB: number | null;
}

const repeats = 30;
const scrollSteps = 600;
const restMs = 20_000;
const pauseMs = 500;
const forgottenMs = 6_000;
/** How long the pointer rests on a link before the click. */
const pointedMs = 150;

/**
 * Looks at a dataset of a workspace (which no program may hold open) in Chromium over a real host. A time begins with
 * the click, the key or the move of the scroll bar inside the window and ends after the first frame in which every
 * cell in view shows the record it should (its caption; no placeholder); the pictures of those cells may come later
 * and have a time of their own. Nothing that is timed was asked for before, but for what the window asks for by
 * itself when the pointer comes to a link.
 */
export async function measureWindow(workspace: string, dataset: string): Promise<WindowFigures> {
  const host = await startHost(workspace);
  const executablePath = findBrowser();
  // A profile of its own, as the application's window has one: Chromium keeps compiled scripts there.
  const profile = mkdtempSync(join(tmpdir(), 'ccw-browse-profile-'));
  const browser = await chromium.launchPersistentContext(profile, {
    ...(executablePath === null ? {} : { executablePath }),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    viewport: { width: 1280, height: 800 },
  });
  try {
    await browser.addInitScript(addMeasure);
    const page = await browser.newPage();
    await page.goto(host.url);
    const times: WindowFigures['times'] = [];
    const time = async (what: string, measure: (turn: number) => Promise<Painted>) => {
      const all: Painted[] = [];
      for (let turn = 0; turn < repeats; turn += 1) all.push(await measure(turn));
      times.push({
        what,
        gridMs: all.map(({ grid }) => grid),
        picturesMs: all.map(({ pictures }) => pictures),
      });
      console.error(what, ...all.map(({ grid }) => Math.round(grid)));
    };
    await time('first page, in a window that was just loaded', async () => {
      await page.goto(new URL('/datasets', host.url).href);
      return open(page, dataset, pointedMs);
    });
    for (const [words, pointed] of [
      ['in a window that has shown it before', pointedMs],
      ['the same by a click without pointing at the link before', null],
    ] as const) {
      await time(`first page, ${words}`, async () => {
        await page.getByRole('link', { name: 'Datasets' }).first().click();
        // By then the window has forgotten the records (renderer/screens/datasets/record-rows.svelte.ts).
        await page.waitForTimeout(forgottenMs);
        return open(page, dataset, pointed);
      });
    }
    const random = createRandom('browse window');
    await time('jump anywhere with the scroll bar', () => jump(page, random.next()));
    await time('search: frequent words', (turn) => search(page, vocabulary[20 + turn] ?? ''));
    await time('search: rare words', (turn) => search(page, vocabulary[12_000 + turn] ?? ''));
    await search(page, 'photo');
    await time('jump within a search of a third of all', () => jump(page, random.next()));
    await search(page, '');
    const address = page.url();
    await page.close();
    return { times, memory: await measureMemory(browser, address) };
  } finally {
    await browser.close();
    await host.stop();
    rmSync(profile, { recursive: true, force: true });
  }
}

interface Painted {
  grid: number;
  pictures: number;
}

declare global {
  interface Window {
    timeUntilPainted: (act: () => void, word: string) => Promise<Painted>;
  }
}

/** Runs inside the window. `word`: every caption in view must have one that begins with it. */
function addMeasure(): void {
  window.timeUntilPainted = async (act, word) => {
    const begins = new RegExp(`(^|[^\\p{L}])${word}`, 'iu');
    const inView = () => {
      const grid = document.querySelector('[role=grid]');
      if (grid === null) return [];
      const { top, bottom } = grid.getBoundingClientRect();
      return [...grid.querySelectorAll('[role=gridcell]')].filter((cell) => {
        const box = cell.getBoundingClientRect();
        return box.bottom > top && box.top < bottom;
      });
    };
    const captioned = () => {
      const cells = inView();
      const asked = new URLSearchParams(location.search).get('q') ?? '';
      if (asked !== word) return false;
      if (cells.length === 0) return document.body.textContent.includes('Nothing matches');
      return cells.every((cell) => begins.test(cell.querySelector('bdi')?.textContent ?? '\n'));
    };
    const pictured = () => inView().every((cell) => (cell.querySelector('img')?.naturalWidth ?? 0) > 0);
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    /** A task after the frame: what the frame drew is painted. */
    const painted = () =>
      new Promise((resolve) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = resolve;
        channel.port2.postMessage(null);
      });
    const start = performance.now();
    act();
    await frame();
    while (!captioned()) await frame();
    await painted();
    const grid = performance.now() - start;
    while (!pictured()) await frame();
    await painted();
    return { grid, pictures: performance.now() - start };
  };
}

const askedFor = (page: Page) => page.evaluate(() => new URLSearchParams(location.search).get('q') ?? '');

/** From the click in the list of datasets, on which the pointer has rested for `pointed` milliseconds, if at all. */
async function open(page: Page, dataset: string, pointed: number | null): Promise<Painted> {
  const link = page.getByRole('table', { name: 'Datasets' }).getByRole('link', { name: dataset });
  await link.waitFor();
  await page.evaluate(() => document.fonts.ready);
  if (pointed !== null) {
    await link.hover();
    await page.waitForTimeout(pointed);
  }
  return link.evaluate((element: HTMLElement) => window.timeUntilPainted(() => element.click(), ''));
}

async function jump(page: Page, share: number): Promise<Painted> {
  const word = await askedFor(page);
  return page.getByRole('grid', { name: 'Records' }).evaluate(
    (grid, to) =>
      window.timeUntilPainted(() => {
        grid.scrollTop = to.share * (grid.scrollHeight - grid.clientHeight);
      }, to.word),
    { share, word },
  );
}

/** From the Enter key, without the rest that typing waits for. */
async function search(page: Page, word: string): Promise<Painted> {
  const painted = await page.getByRole('searchbox', { name: 'Search in captions' }).evaluate(
    (field: HTMLInputElement, text) =>
      window.timeUntilPainted(() => {
        field.value = text;
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      }, text),
    word,
  );
  // Counts and facets go on behind the page; the next search shall not pay for them, as people pause to look.
  await page
    .getByRole('status')
    .filter({ hasText: /^[\d,]+ (of|records)/ })
    .waitFor();
  await page.waitForTimeout(pauseMs);
  return painted;
}

/** In a window of its own: from the first record to the last, as fast as the scroll bar can be drawn, then a rest. */
async function measureMemory(browser: BrowserContext, address: string): Promise<WindowFigures['memory']> {
  const page = await browser.newPage();
  await page.goto(address);
  const grid = page.getByRole('grid', { name: 'Records' });
  await grid.waitFor();
  await grid.evaluate(async (element, steps) => {
    for (let step = 1; step <= steps; step += 1) {
      element.scrollTop = (step / steps) * (element.scrollHeight - element.clientHeight);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }, scrollSteps);
  await jump(page, 1);
  const session = await browser.newCDPSession(page);
  const whole = await browser.browser()?.newBrowserCDPSession();
  const read = async (): Promise<Memory> => {
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const processes = (await whole?.send('SystemInfo.getProcessInfo'))?.processInfo ?? [];
    const sizes = processes.filter(({ type }) => type === 'renderer').map(({ id }) => readProcess(id));
    const [largest] = sizes.filter((size) => size !== null).sort((a, b) => b.privateMiB - a.privateMiB);
    return { heapMiB: usedSize / 2 ** 20, ...(largest ?? { privateMiB: null, residentMiB: null }) };
  };
  const atTheEnd = await read();
  await page.waitForTimeout(restMs);
  return { atTheEnd, rested: await read() };
}

/**
 * Memory of a process; null where the system does not say. Private is what Chromium's own task manager counts: not
 * the program's and the libraries' files, which all its processes share.
 */
function readProcess(pid: number): { privateMiB: number; residentMiB: number } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mebibytes = (name: string) => {
      const kibibytes = new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1];
      if (kibibytes === undefined) throw new Error(`/proc/${pid}/status does not tell ${name}`);
      return Number(kibibytes) / 1024;
    };
    return { privateMiB: mebibytes('RssAnon') + mebibytes('VmSwap'), residentMiB: mebibytes('VmRSS') };
  } catch {
    return null;
  }
}
