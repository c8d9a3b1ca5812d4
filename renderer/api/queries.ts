import { QueryClient, queryOptions } from '@tanstack/svelte-query';
import type { changedTopics } from '#contract/api/workspace.ts';
import type { WorkbenchError } from '#contract/errors.ts';
import { connection } from '../state/connection.svelte.ts';
import { type Client, client } from './client.ts';
import { isHostGone } from './problem.ts';

export type Topic = (typeof changedTopics)[number];

/** The window's one cache. What is shown stays while it is asked for again; live events say when (api/live.ts). */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: false,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      // By default a result is told only to those who have read that part of it before: a page of records that came
      // before its grid did would never be shown.
      notifyOnChangeProps: 'all',
    },
    mutations: { networkMode: 'always' },
  },
});

type Call<I, O> = (input: I, options: { signal: AbortSignal }) => PromiseLike<O>;

/** Makes a call, and makes it again where no host answered it: what is on the screen stays until one does. */
async function askHost<O>(call: () => PromiseLike<O>, signal: AbortSignal): Promise<O> {
  for (;;) {
    await connection.whenOpen(signal);
    try {
      return await call();
    } catch (thrown) {
      if (!isHostGone(thrown) || signal.aborted) throw thrown;
      connection.set('lost', thrown);
    }
  }
}

/** Options for createQuery of one procedure: its key, its call, and the topics that make it ask again. */
function ask<I, O>(name: string, topics: readonly Topic[], call: Call<I, O>) {
  return (input: I) =>
    queryOptions<O, WorkbenchError>({
      queryKey: [name, input],
      queryFn: ({ signal }) => askHost(() => call(input, { signal }), signal),
      meta: { topics },
    });
}

/** As {@link ask}, of a procedure without input. */
function askAll<O>(
  name: string,
  topics: readonly Topic[],
  call: (options: { signal: AbortSignal }) => PromiseLike<O>,
) {
  return () =>
    queryOptions<O, WorkbenchError>({
      queryKey: [name],
      queryFn: ({ signal }) => askHost(() => call({ signal }), signal),
      meta: { topics },
    });
}

type Input<F> = F extends (input: infer I, ...rest: never[]) => unknown ? I : never;
type In<A extends keyof Client, P extends keyof Client[A]> = Input<Client[A][P]>;

const everything: Topic[] = ['datasets', 'triggers', 'variants', 'runs', 'evaluations', 'sweeps', 'settings'];
const results: Topic[] = ['runs', 'evaluations'];

/**
 * `createQuery(() => queries.runs.list({}))`. A screen keeps no copy of what these hold.
 * To show the last answer while the next one comes, spread the options and add `placeholderData: keepPreviousData`.
 */
export const queries = {
  workspace: {
    info: askAll('workspace.info', everything, (o) => client.workspace.info(undefined, o)),
    folders: ask('workspace.folders', [], (i: In<'workspace', 'folders'>, o) =>
      client.workspace.folders(i, o),
    ),
    lineage: ask(
      'workspace.lineage',
      ['datasets', 'variants', 'runs', 'evaluations'],
      (i: In<'workspace', 'lineage'>, o) => client.workspace.lineage(i, o),
    ),
    settings: askAll('workspace.settings', ['settings'], (o) => client.workspace.settings(undefined, o)),
    checkName: ask(
      'workspace.checkName',
      ['datasets', 'variants', 'runs'],
      (i: In<'workspace', 'checkName'>, o) => client.workspace.checkName(i, o),
    ),
    devices: askAll('workspace.devices', [], (o) => client.workspace.devices(undefined, o)),
    doctor: askAll('workspace.doctor', [], (o) => client.workspace.doctor(undefined, o)),
    find: ask('workspace.find', ['datasets', 'variants', 'runs'], (i: In<'workspace', 'find'>, o) =>
      client.workspace.find(i, o),
    ),
  },
  datasets: {
    list: askAll('datasets.list', ['datasets'], (o) => client.datasets.list(undefined, o)),
    get: ask('datasets.get', ['datasets'], (i: In<'datasets', 'get'>, o) => client.datasets.get(i, o)),
    preview: ask('datasets.preview', [], (i: In<'datasets', 'preview'>, o) => client.datasets.preview(i, o)),
    page: ask('datasets.page', ['datasets', 'variants'], (i: In<'datasets', 'page'>, o) =>
      client.datasets.page(i, o),
    ),
    count: ask('datasets.count', ['datasets', 'variants'], (i: In<'datasets', 'count'>, o) =>
      client.datasets.count(i, o),
    ),
    facets: ask('datasets.facets', ['datasets', 'variants'], (i: In<'datasets', 'facets'>, o) =>
      client.datasets.facets(i, o),
    ),
    record: ask('datasets.record', ['datasets', 'variants'], (i: In<'datasets', 'record'>, o) =>
      client.datasets.record(i, o),
    ),
    users: ask('datasets.users', everything, (i: In<'datasets', 'users'>, o) => client.datasets.users(i, o)),
    planClasses: ask('datasets.planClasses', ['datasets'], (i: In<'datasets', 'planClasses'>, o) =>
      client.datasets.planClasses(i, o),
    ),
    duplicates: ask('datasets.duplicates', ['datasets'], (i: In<'datasets', 'duplicates'>, o) =>
      client.datasets.duplicates(i, o),
    ),
    skipped: ask('datasets.skipped', ['datasets'], (i: In<'datasets', 'skipped'>, o) =>
      client.datasets.skipped(i, o),
    ),
    views: ask('datasets.views', ['views'], (i: In<'datasets', 'views'>, o) => client.datasets.views(i, o)),
  },
  triggers: {
    kinds: ask('triggers.kinds', [], (i: In<'triggers', 'kinds'>, o) => client.triggers.kinds(i, o)),
    list: askAll('triggers.list', ['triggers'], (o) => client.triggers.list(undefined, o)),
    get: ask('triggers.get', ['triggers'], (i: In<'triggers', 'get'>, o) => client.triggers.get(i, o)),
    samples: ask('triggers.samples', ['datasets'], (i: In<'triggers', 'samples'>, o) =>
      client.triggers.samples(i, o),
    ),
    reaction: ask('triggers.reaction', ['runs'], (i: In<'triggers', 'reaction'>, o) =>
      client.triggers.reaction(i, o),
    ),
  },
  variants: {
    list: askAll('variants.list', ['variants'], (o) => client.variants.list(undefined, o)),
    get: ask('variants.get', ['variants'], (i: In<'variants', 'get'>, o) => client.variants.get(i, o)),
    page: ask('variants.page', ['variants'], (i: In<'variants', 'page'>, o) => client.variants.page(i, o)),
    preview: ask('variants.preview', ['datasets'], (i: In<'variants', 'preview'>, o) =>
      client.variants.preview(i, o),
    ),
    verification: ask('variants.verification', ['variants'], (i: In<'variants', 'verification'>, o) =>
      client.variants.verification(i, o),
    ),
  },
  runs: {
    list: ask('runs.list', results, (i: In<'runs', 'list'>, o) => client.runs.list(i, o)),
    table: ask('runs.table', results, (i: In<'runs', 'table'>, o) => client.runs.table(i, o)),
    page: ask('runs.page', results, (i: In<'runs', 'page'>, o) => client.runs.page(i, o)),
    get: ask('runs.get', results, (i: In<'runs', 'get'>, o) => client.runs.get(i, o)),
    methods: askAll('runs.methods', [], (o) => client.runs.methods(undefined, o)),
    estimate: ask('runs.estimate', ['runs'], (i: In<'runs', 'estimate'>, o) => client.runs.estimate(i, o)),
    metrics: ask('runs.metrics', [], (i: In<'runs', 'metrics'>, o) => client.runs.metrics(i, o)),
    log: ask('runs.log', [], (i: In<'runs', 'log'>, o) => client.runs.log(i, o)),
  },
  models: {
    list: askAll('models.list', results, (o) => client.models.list(undefined, o)),
    inspectFile: ask('models.inspectFile', [], (i: In<'models', 'inspectFile'>, o) =>
      client.models.inspectFile(i, o),
    ),
    card: ask('models.card', results, (i: In<'models', 'card'>, o) => client.models.card(i, o)),
    users: ask('models.users', ['runs'], (i: In<'models', 'users'>, o) => client.models.users(i, o)),
    get: ask('models.get', results, (i: In<'models', 'get'>, o) => client.models.get(i, o)),
    evaluations: ask('models.evaluations', results, (i: In<'models', 'evaluations'>, o) =>
      client.models.evaluations(i, o),
    ),
    attacks: ask('models.attacks', results, (i: In<'models', 'attacks'>, o) => client.models.attacks(i, o)),
    confusion: ask('models.confusion', ['evaluations'], (i: In<'models', 'confusion'>, o) =>
      client.models.confusion(i, o),
    ),
    predictions: ask('models.predictions', ['evaluations'], (i: In<'models', 'predictions'>, o) =>
      client.models.predictions(i, o),
    ),
  },
  sweeps: {
    list: askAll('sweeps.list', ['sweeps', ...results], (o) => client.sweeps.list(undefined, o)),
    get: ask('sweeps.get', ['sweeps', ...results], (i: In<'sweeps', 'get'>, o) => client.sweeps.get(i, o)),
    fileOf: ask('sweeps.fileOf', ['runs', 'variants'], (i: In<'sweeps', 'fileOf'>, o) =>
      client.sweeps.fileOf(i, o),
    ),
    preview: ask('sweeps.preview', ['runs', 'variants'], (i: In<'sweeps', 'preview'>, o) =>
      client.sweeps.preview(i, o),
    ),
  },
  comparison: {
    get: ask('comparison.get', results, (i: In<'comparison', 'get'>, o) => client.comparison.get(i, o)),
    changes: ask('comparison.changes', results, (i: In<'comparison', 'changes'>, o) =>
      client.comparison.changes(i, o),
    ),
  },
  detections: {
    list: askAll('detections.list', results, (o) => client.detections.list(undefined, o)),
    get: ask('detections.get', results, (i: In<'detections', 'get'>, o) => client.detections.get(i, o)),
    page: ask('detections.page', [], (i: In<'detections', 'page'>, o) => client.detections.page(i, o)),
    histogram: ask('detections.histogram', [], (i: In<'detections', 'histogram'>, o) =>
      client.detections.histogram(i, o),
    ),
  },
  scans: {
    list: askAll('scans.list', results, (o) => client.scans.list(undefined, o)),
    get: ask('scans.get', results, (i: In<'scans', 'get'>, o) => client.scans.get(i, o)),
  },
};

/** Asks again for whatever is shown of these topics; the rest is asked for when it is next shown. */
export function invalidateTopics(topics: readonly Topic[]): void {
  void queryClient.invalidateQueries({
    predicate: ({ meta }) => {
      const own = meta?.topics;
      return Array.isArray(own) && own.some((topic) => topics.includes(topic));
    },
  });
}
