import { createQueries } from '@tanstack/svelte-query';
import { untrack } from 'svelte';
import type { RecordPage, RecordQuery, RecordRow } from '#contract/api/datasets.ts';
import type { WorkbenchError } from '#contract/errors.ts';
import { queries, queryClient } from '../../../api/queries.ts';

/** Records asked for at once. */
const pageRecords = 100;
/** A page that is out of view is forgotten after this, so that a walk to the end does not fill the memory. */
const keptMs = 5_000;

/** What asks for one page of the records of a query. */
const askForPage = (query: RecordQuery, page: number) => ({
  ...queries.datasets.page({ query, offset: page * pageRecords, limit: pageRecords }),
  gcTime: keptMs,
});

/** Asks for the records of a query from the one at an index on, for a screen that may come. */
export function preloadRecordRows(query: RecordQuery, at: number): void {
  void queryClient.prefetchQuery(askForPage(query, Math.floor(at / pageRecords)));
}

/**
 * The records in view of a query of any length, which begins at `startAt`. Call it while a component is made.
 * The rows of a query stay until those of the next are there: tiles then change in place, instead of turning into
 * placeholders and back, which takes twice as long to draw. A new query is never asked for the place where the one
 * before it stood: far into a search that takes long.
 */
export function createRecordRows(query: () => RecordQuery, startAt: () => number) {
  const asked = $derived(JSON.stringify(query()));
  let seen = $state.raw({ of: untrack(() => asked), first: untrack(startAt), last: untrack(startAt) });
  const inView = $derived.by(() => {
    if (seen.of === asked) return seen;
    const first = untrack(startAt);
    return { first, last: first + seen.last - seen.first };
  });
  const firstPage = $derived(Math.floor(inView.first / pageRecords));
  const lastPage = $derived(Math.floor(inView.last / pageRecords));
  const askFor = (page: number) => askForPage(query(), page);
  // At once: what is asked by those who listen waits until the screen is drawn.
  untrack(() => preloadRecordRows(query(), startAt()));
  const pages = createQueries(() => {
    const of = asked;
    return {
      queries: Array.from({ length: lastPage - firstPage + 1 }, (_, index) => ({
        ...askFor(firstPage + index),
        // The answers that are at hand may still be those to the query before.
        select: (page: RecordPage) => ({ ...page, of }),
      })),
    };
  });
  const settled = $derived(pages.every(({ data, isError }) => isError || data?.of === asked));
  let latest = { of: untrack(() => asked), rows: new Map<number, readonly RecordRow[]>() };
  const shown = $derived.by(() => {
    if (latest.of !== asked && !settled) return latest;
    const loaded = pages.flatMap(({ data }) => (data?.of === asked ? [data] : []));
    latest = { of: asked, rows: new Map(loaded.map(({ offset, rows }) => [offset, rows])) };
    return latest;
  });
  let everBegun = false;
  const begun = $derived.by(() => {
    everBegun ||= shown.rows.size > 0;
    return everBegun;
  });
  const failed = $derived(pages.find((page) => page.isError));
  return {
    /** Says which are in view (inclusive). */
    show(from: number, to: number): void {
      seen = { of: untrack(() => shown.of), first: from, last: to };
    },
    /** Whether what is in view is there, or failed. */
    get settled(): boolean {
      return settled;
    },
    /** Whether rows of any query have come. */
    get begun(): boolean {
      return begun;
    },
    /** The query, as JSON, whose rows these are: the one before as long as those of a new one are on their way. */
    get of(): string {
      return shown.of;
    },
    /** undefined while it is being loaded. */
    at(index: number): RecordRow | undefined {
      return shown.rows.get(index - (index % pageRecords))?.[index % pageRecords];
    },
    /** Index of a record that is loaded; null where it is not among those. */
    find(id: number): number | null {
      for (const [offset, loaded] of shown.rows) {
        const place = loaded.findIndex((row) => row.id === id);
        if (place >= 0) return offset + place;
      }
      return null;
    },
    get problem(): WorkbenchError | null {
      return failed?.error ?? null;
    },
    retry(): void {
      void failed?.refetch();
    },
    /** Ids of records from one index to another (inclusive), loading what is not there. */
    async idsBetween(from: number, to: number): Promise<number[]> {
      const ids: number[] = [];
      for (let page = Math.floor(from / pageRecords); page * pageRecords <= to; page += 1) {
        const { rows: loaded, offset } = await queryClient.fetchQuery(askFor(page));
        ids.push(
          ...loaded.filter((_, place) => offset + place >= from && offset + place <= to).map(({ id }) => id),
        );
      }
      return ids;
    },
  };
}
export type RecordRows = ReturnType<typeof createRecordRows>;
