// Measures browsing at the API in a program of its own, as a host is: node browse-api.ts WORKSPACE RECORDS. Prints JSON.
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
import { atShare, datasetName as name, vocabulary } from './browse-data.ts';

export interface ApiMeasures {
  /** By the clock, and of the processor. */
  rows: { what: string; ms: number[]; processorMs: number[] }[];
  hostMiB: number;
}

const [folder = '', count = ''] = process.argv.slice(2);
const records = Number(count);
const repeats = 40;
const pageRows = 100;

const workspace = openWorkspace(folder);
const rows = await measure(workspace);
const hostMiB = Math.round(process.memoryUsage().rss / 2 ** 20);
workspace.close();
console.log(JSON.stringify({ rows, hostMiB } satisfies ApiMeasures));

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
  const results: ApiMeasures['rows'] = [];
  const time = async (
    what: string,
    ask: (turn: number) => Promise<unknown>,
    settle?: (turn: number) => Promise<unknown>,
  ) => {
    const ms: number[] = [];
    const processorMs: number[] = [];
    for (let turn = 0; turn < repeats; turn += 1) {
      const start = performance.now();
      const used = process.cpuUsage();
      await ask(turn);
      ms.push(performance.now() - start);
      const { user, system } = process.cpuUsage(used);
      processorMs.push((user + system) / 1000);
      await settle?.(turn);
    }
    results.push({ what, ms, processorMs });
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
  const used = process.cpuUsage();
  await api.facets({ query: { ...everything, labels: [null] } });
  const { user, system } = process.cpuUsage(used);
  results.push({
    what: 'once after the start: columns for filters read, in the background',
    ms: [performance.now() - firstStart],
    processorMs: [(user + system) / 1000],
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
