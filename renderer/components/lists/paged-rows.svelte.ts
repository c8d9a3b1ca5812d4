import { createQueries, type queryOptions } from '@tanstack/svelte-query';
import type { WorkbenchError } from '#contract/errors.ts';

/** Rows asked for at once. */
const pageRows = 50;

/**
 * The rows of a long list that are in view, asked for page by page. Call it while a component is made.
 * @param pageOf options of the query for one page, as api/queries gives them
 */
export function createPagedRows<Page extends { rows: readonly unknown[] }>(
  pageOf: (place: { offset: number; limit: number }) => ReturnType<typeof queryOptions<Page, WorkbenchError>>,
) {
  let first = $state(0);
  let last = $state(0);
  const firstPage = $derived(Math.floor(first / pageRows));
  const lastPage = $derived(Math.floor(last / pageRows));
  const pages = createQueries(() => ({
    queries: Array.from({ length: lastPage - firstPage + 1 }, (_, index) =>
      pageOf({ offset: (firstPage + index) * pageRows, limit: pageRows }),
    ),
  }));
  const failed = $derived(pages.find((page) => page.isError));
  return {
    /** Says which are in view (inclusive). */
    show(from: number, to: number): void {
      first = from;
      last = to;
    },
    /** undefined while it is being loaded. */
    at(index: number): Page['rows'][number] | undefined {
      return pages[Math.floor(index / pageRows) - firstPage]?.data?.rows[index % pageRows];
    },
    /** A page that is there, for what it says of the whole list; undefined until one is. */
    get some(): Page | undefined {
      return pages.find((page) => page.data !== undefined)?.data;
    },
    get problem(): WorkbenchError | null {
      return failed?.error ?? null;
    },
    retry(): void {
      void failed?.refetch();
    },
  };
}
