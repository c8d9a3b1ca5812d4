import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { buildRendererIfNeeded } from '#main/hosts/build-renderer.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { findInstalledBrowser } from '#scripts/setup/installed-browser.mjs';
import { simpleKinds } from '../../renderer/screens/triggers/form/part-forms.ts';
import { sandboxArguments, startHost } from '../e2e/support/start-host.ts';
import { importSmallDataset, makeFolder } from '../workbench/fixtures.ts';

/** One slider of the designer, moved from end to end. */
export interface Redraws {
  kind: string;
  parameter: string;
  /** Milliseconds from the input event until the new pixels are on the canvas, one for each move. */
  drawnMs: number[];
  /** The same until the frame that shows them is painted. */
  paintedMs: number[];
  /** Processor time of the canvas's worker for a move, milliseconds; null where /proc is missing. */
  workerMs: number | null;
}

const resolution = 224;
const moves = 30;

/**
 * Opens the designer in Chromium over a real host, with pictures of a dataset behind the trigger, and moves every
 * slider of every kind. A move is an input event at the beginning of a frame, where a browser hands on what a hand did;
 * the next one follows when the frame that shows it is painted. The six samples are drawn anew meanwhile, as always.
 */
export async function measureRedraws(): Promise<Redraws[]> {
  await buildRendererIfNeeded((text) => console.error(text));
  const temporary = makeFolder();
  const folder = join(temporary.folder, 'workspace');
  const workspace = openWorkspace(folder);
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
  const host = await startHost(folder);
  const browser = await chromium.launch({
    executablePath: findInstalledBrowser() ?? '',
    args: sandboxArguments,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(watchCanvas);
    await page.goto(host.url);
    await page.goto(new URL('/triggers', host.url).href);
    await page.getByRole('textbox', { name: 'Resolution', exact: true }).fill(String(resolution));
    await page
      .getByRole('img', { name: `Poisoned picture, ${resolution} by ${resolution} pixels` })
      .waitFor();
    const worker = await findCanvasWorker(browser);
    const all: Redraws[] = [];
    for (const kind of simpleKinds) {
      for (const redraws of await measureKind(page, kind, worker)) {
        console.error(kind, redraws.parameter, redraws.drawnMs.map((ms) => ms.toFixed(1)).join(' '));
        all.push(redraws);
      }
    }
    return all;
  } finally {
    await browser.close();
    await host.stop();
    temporary.remove();
  }
}

async function measureKind(page: Page, kind: string, worker: string | null): Promise<Redraws[]> {
  await page.getByRole('combobox', { name: 'Kind' }).selectOption(kind);
  await page.waitForFunction((name) => location.search.includes(`kind=${name}`), kind);
  const form = page.getByRole('region', { name: 'Trigger', exact: true });
  const names = await form
    .getByRole('slider')
    .evaluateAll((sliders) =>
      sliders.map((slider) => document.querySelector(`label[for="${slider.id}"]`)?.textContent ?? ''),
    );
  const measured: Redraws[] = [];
  for (const [place, parameter] of names.entries()) {
    if (parameter === 'Resolution') continue;
    const slider = form.getByRole('slider').nth(place);
    const busyMs = readProcessorMs(worker);
    const { drawnMs, paintedMs } = await slider.evaluate(
      (element, count) => window.timeRedraws(element as HTMLInputElement, count),
      moves,
    );
    const workerMs = worker === null ? null : (readProcessorMs(worker) - busyMs) / drawnMs.length;
    if (drawnMs.length > 0) measured.push({ kind, parameter, drawnMs, paintedMs, workerMs });
    await page.getByRole('button', { name: 'Undo (Ctrl Z)' }).click();
  }
  return measured;
}

/** The folder of /proc of the first worker that the page started, which draws the canvas. */
async function findCanvasWorker(browser: Browser): Promise<string | null> {
  const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
  const threads = processInfo.flatMap(({ type, id }) =>
    type === 'renderer' && existsSync(`/proc/${id}/task`)
      ? readdirSync(`/proc/${id}/task`).map((thread) => ({ thread: Number(thread), id }))
      : [],
  );
  const [first] = threads
    .filter(({ id, thread }) =>
      readFileSync(`/proc/${id}/task/${thread}/comm`, 'utf8').startsWith('DedicatedWorker'),
    )
    .sort((a, b) => a.thread - b.thread);
  return first === undefined ? null : `/proc/${first.id}/task/${first.thread}`;
}

/** What a thread has had of the processor; the first number of schedstat is in nanoseconds. */
const readProcessorMs = (thread: string | null): number =>
  thread === null ? 0 : Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

declare global {
  interface Window {
    timeRedraws: (slider: HTMLInputElement, moves: number) => Promise<Pick<Redraws, 'drawnMs' | 'paintedMs'>>;
  }
}

/** Runs inside the window. */
function watchCanvas(): void {
  let drawn: () => void = () => {};
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...given: unknown[]) {
    Reflect.apply(put, this, given);
    if (this.canvas.ariaLabel?.startsWith('Poisoned picture')) drawn();
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  /** A task after the frame: what the frame drew is painted. */
  const painted = () =>
    new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = resolve;
      channel.port2.postMessage(null);
    });
  window.timeRedraws = async (slider, moves) => {
    const [least, most, step] = [slider.min, slider.max, slider.step].map(Number) as [number, number, number];
    const [drawnMs, paintedMs]: [number[], number[]] = [[], []];
    for (let move = 0; move < moves; move += 1) {
      const value = least + Math.round(((most - least) * move) / (moves - 1) / step) * step;
      const before = slider.value;
      await frame();
      const start = performance.now();
      slider.value = String(value);
      // Fewer steps than moves leave it where it is.
      if (slider.value === before) continue;
      const pixels = new Promise<number>((resolve) => {
        drawn = () => resolve(performance.now());
        // A value that the kind refuses is not drawn.
        setTimeout(() => resolve(Number.NaN), 1000);
      });
      slider.dispatchEvent(new InputEvent('input', { bubbles: true }));
      const at = await pixels;
      if (Number.isNaN(at)) continue;
      await frame();
      await painted();
      drawnMs.push(at - start);
      paintedMs.push(performance.now() - start);
    }
    slider.dispatchEvent(new Event('change', { bubbles: true }));
    return { drawnMs, paintedMs };
  };
}
