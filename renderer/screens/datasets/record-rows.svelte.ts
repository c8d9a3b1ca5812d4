import { createQueries } from '@tanstack/svelte-query';
import { untrack } from 'svelte';
import type { RecordQuery, RecordRow } from '#contract/api/datasets.ts';
import type { WorkbenchError } from '#contract/errors.ts';
import { queries, queryClient } from '../../api/queries.ts';

/** Records asked for at once. */
const pageRecords = 100;
/** A page that is out of view is forgotten after this, so that a walk to the end does not fill the memory. */
const keptMs = 15_000;

/**
 * The records in view of a query of any length, which begins at `startAt`. Call it while a component is made.
 * A new query is never asked for the place where the one before it stood: far into a search that takes long.
 */
export function createRecordRows(query: () => RecordQuery, startAt: () => number) {
  let seen = $state.raw({ query: untrack(query), first: untrack(startAt), last: untrack(startAt) });
  const inView = $derived.by(() => {
    if (seen.query === query()) return seen;
    const first = untrack(startAt);
    return { first, last: first + seen.last - seen.first };
  });
  const firstPage = $derived(Math.floor(inView.first / pageRecords));
  const lastPage = $derived(Math.floor(inView.last / pageRecords));
  const askFor = (page: number) => ({
    ...queries.datasets.page({ query: query(), offset: page * pageRecords, limit: pageRecords }),
    gcTime: keptMs,
  });
  const pages = createQueries(() => ({
    queries: Array.from({ length: lastPage - firstPage + 1 }, (_, index) => askFor(firstPage + index)),
  }));
  const rows = $derived(
    new Map<number, readonly RecordRow[]>(
      pages.flatMap(({ data }) => (data === undefined ? [] : [[data.offset, data.rows]])),
    ),
  );
  const failed = $derived(pages.find((page) => page.isError));
  return {
    /** Says which are in view (inclusive). */
    show(from: number, to: number): void {
      seen = { query: untrack(query), first: from, last: to };
    },
    /** Whether what is in view is there, or failed. */
    get settled(): boolean {
      return pages.every(({ isPending }) => !isPending);
    },
    /** undefined while it is being loaded. */
    at(index: number): RecordRow | undefined {
      return rows.get(index - (index % pageRecords))?.[index % pageRecords];
    },
    /** Index of a record that is loaded; null where it is not among those. */
    find(id: number): number | null {
      for (const [offset, loaded] of rows) {
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
