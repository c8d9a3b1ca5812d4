/**
 * Browsing a dataset of a million records, through the API and in the window: `npm run bench:browse [RECORDS]`. Prints
 * the tables and, for a million, writes them into docs/performance.md.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { RouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/fetch';
import { createRandom } from '#core/random/random.ts';
import { createEventBus } from '#main/api/events/event-bus.ts';
import { createJobList } from '#main/api/jobs/job-list.ts';
import { createDatasetsRouter } from '#main/api/routers/datasets.ts';
import { createLiveQueue } from '#main/workbench/engine/live-queue.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { fillDataset, vocabulary } from './browse-data.ts';
import { type Memory, measureWindow } from './browse-window.ts';
import { writeSection } from './page-sections.ts';

const records = Number(process.argv[2] ?? 1_000_000);
const repeats = 40;
const pageRows = 100;
const name = 'million';
const loadAtStart = (loadavg()[0] ?? 0).toFixed(1);

const folder = mkdtempSync(join(tmpdir(), 'ccw-browse-'));
const workspace = openWorkspace(join(folder, 'workspace'));
try {
  console.error(`Load average at the start: ${loadAtStart}. Filling ${records} records...`);
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  const fill = await fillDataset(workspace.db, pictures, name, records);
  const fileBytes = statSync(workspace.db.name).size;
  const rows = await measure(workspace);
  const hostMiB = Math.round(process.memoryUsage().rss / 2 ** 20);
  workspace.close();
  const seen = await measureWindow(join(folder, 'workspace'), name);
  const rate = (seconds: number) => `${Math.round(records / seconds / 1000)} 000`;
  const ratio = (fill.rowsSeconds + fill.indexSeconds) / fill.rowsSeconds;
  const text = [
    `${records.toLocaleString('en')} records, ${cpus()[0]?.model ?? 'unknown processor'} (${availableParallelism()} cores, load average at the start ${loadAtStart}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; milliseconds at the API (request in, response out, validated), ${repeats} times each, every search new to the program.`,
    '',
    '| what | median | p95 |',
    '|---|---:|---:|',
    ...rows.map(
      ({ what, ms }) => `| ${what} | ${atShare(ms, 0.5).toFixed(1)} | ${atShare(ms, 0.95).toFixed(1)} |`,
    ),
    '',
    `Writing the records took ${fill.rowsSeconds.toFixed(1)} s (${rate(fill.rowsSeconds)} a second), indexing and counting them ${fill.indexSeconds.toFixed(1)} s more: ${ratio.toFixed(2)} times as long as without search (decoding the pictures, which takes far longer, left out). The database is ${Math.round(fileBytes / 2 ** 20)} MiB, the host's memory ${hostMiB} MiB after all this.`,
    '',
    'In Chromium, 1280 x 800 pixels, 30 times each: milliseconds from the click, the key or the move of the scroll bar to the first painted frame in which every cell in view shows its record, and to the frame in which all their pictures are there too. Before the click on a dataset the pointer stands on its link for 150 ms, where the table does not say otherwise.',
    '',
    '| what | grid, median | grid, p95 | with pictures, median | with pictures, p95 |',
    '|---|---:|---:|---:|---:|',
    ...seen.times.map(
      ({ what, gridMs, picturesMs }) =>
        `| ${what} | ${[gridMs, picturesMs].flatMap((ms) => [atShare(ms, 0.5).toFixed(0), atShare(ms, 0.95).toFixed(0)]).join(' | ')} |`,
    ),
    '',
    `After scrolling from the first record to the last, a window's JavaScript heap is ${tellMemory(seen.memory.atTheEnd)}; ${tellMemory(seen.memory.rested)} after a rest of 20 seconds. Private memory is what Chromium's own task manager counts: without the files of the program and its libraries, which all of its processes share.`,
  ].join('\n');
  console.log(text);
  if (records === 1_000_000) writeSection('browse', text);
} finally {
  if (workspace.db.open) workspace.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(over: Workspace) {
  const events = createEventBus();
  const queue = createLiveQueue(over, { chosenDevice: () => null, problem: () => {}, changed: () => {} });
  const router = createDatasetsRouter({ workspace: over, events, jobs: createJobList({ queue, events }) });
  const handler = new RPCHandler(router);
  const api: RouterClient<typeof router> = createORPCClient(
    new RPCLink({
      url: 'http://127.0.0.1/rpc',
      fetch: async (request) => {
        const { matched, response } = await handler.handle(request, { prefix: '/rpc' });
        if (!matched) throw new Error(`nothing answers ${request.url}`);
        return response;
      },
    }),
  );
  const random = createRandom('browse measure');
  const everything = { dataset: name };
  const results: { what: string; ms: number[] }[] = [];
  const time = async (
    what: string,
    ask: (turn: number) => Promise<unknown>,
    settle?: (turn: number) => Promise<unknown>,
  ) => {
    const ms: number[] = [];
    for (let turn = 0; turn < repeats; turn += 1) {
      const start = performance.now();
      await ask(turn);
      ms.push(performance.now() - start);
      await settle?.(turn);
    }
    results.push({ what, ms });
    console.error(what, atShare(ms, 0.5).toFixed(1), atShare(ms, 0.95).toFixed(1));
  };
  const counted = async (text: string) => {
    while (!(await api.count({ query: { ...everything, text } })).exact) await wait(5);
  };
  const search = (what: string, textOf: (turn: number) => string) =>
    time(
      `search: ${what}`,
      (turn) => api.page({ query: { ...everything, text: textOf(turn) }, offset: 0, limit: pageRows }),
      (turn) => counted(textOf(turn)),
    );
  const wordAt = (place: number) => vocabulary[place] ?? '';

  const firstStart = performance.now();
  await api.facets({ query: { ...everything, labels: [null] } });
  results.push({
    what: 'once after the start: columns for filters read, in the background',
    ms: [performance.now() - firstStart],
  });

  await time('first page', () => api.page({ query: everything, offset: 0, limit: pageRows }));
  await time('jump anywhere', () =>
    api.page({ query: everything, offset: random.integer(records - pageRows), limit: pageRows }),
  );
  await search('frequent words (10 to 50 000 records and more)', (turn) => wordAt(turn));
  await search('rare words', (turn) => wordAt(10_000 + turn));
  await search('words that do not occur', (turn) => `zzz${wordAt(turn)}`);
  await search(
    'beginnings of two letters',
    (turn) => wordAt(50 + turn).slice(0, 2) + (turn % 2 === 0 ? '' : ' a'),
  );
  await search('two frequent words', (turn) => `${wordAt(turn)} ${wordAt(turn + 1)}`);
  await search('phrases', (turn) => `"${wordAt(turn)} ${wordAt(turn % 7)}"`);
  const searched = { ...everything, text: 'photo' };
  await counted('photo');
  const { count } = await api.count({ query: searched });
  await time(`jump within a search (${count.toLocaleString('en')} records)`, () =>
    api.page({ query: searched, offset: random.integer(count - pageRows), limit: pageRows }),
  );
  await time('page filtered by split and two labels, jump', async (turn) => {
    const labels = [`class ${wordAt(100 + turn)}`, `class ${wordAt(150 + turn)}`];
    await api.page({ query: { ...everything, splits: ['train'], labels }, offset: 2_000, limit: pageRows });
  });
  await time('facet counts: all records', () => api.facets({ query: everything }));
  await time('facet counts: filtered by label', (turn) =>
    api.facets({ query: { ...everything, labels: [`class ${wordAt(100 + turn)}`] } }),
  );
  const facetText = (turn: number) => `${wordAt(turn + 3)} ${wordAt(turn)}`;
  await time(
    'facet counts: search',
    (turn) => api.facets({ query: { ...everything, text: facetText(turn) } }),
    (turn) => counted(facetText(turn)),
  );
  await time('full count of a frequent word', (turn) => counted(wordAt(20 + turn).slice(0, 6)));
  await queue.close();
  return results;
}

function tellMemory({ heapMiB, privateMiB, residentMiB }: Memory): string {
  const whole =
    privateMiB === null || residentMiB === null
      ? ''
      : ` and the private memory of its process ${Math.round(privateMiB)} MiB (${Math.round(residentMiB)} MiB with shared files)`;
  return `${Math.round(heapMiB)} MiB${whole}`;
}

/** The value below which a share of the values lies (nearest rank). */
function atShare(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
