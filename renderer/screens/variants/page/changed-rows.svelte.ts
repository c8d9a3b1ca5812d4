import { createQueries } from '@tanstack/svelte-query';
import type { WorkbenchError } from '#contract/errors.ts';
import { queries } from '../../../api/queries.ts';

/** Changed records asked for at once. */
const pageRecords = 50;

/** Which changed records of a variant. */
export interface ChangedFilter {
  variant: string;
  text: string;
  labels: string[];
  part?: number;
}

/** The changed records in view of a variant. Call it while a component is made. */
export function createChangedRows(filter: () => ChangedFilter) {
  let first = $state(0);
  let last = $state(0);
  const firstPage = $derived(Math.floor(first / pageRecords));
  const lastPage = $derived(Math.floor(last / pageRecords));
  const pages = createQueries(() => ({
    queries: Array.from({ length: lastPage - firstPage + 1 }, (_, index) =>
      queries.variants.page({
        ...filter(),
        offset: (firstPage + index) * pageRecords,
        limit: pageRecords,
      }),
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
    at: (index: number) =>
      pages[Math.floor(index / pageRecords) - firstPage]?.data?.rows[index % pageRecords],
    /** All that the search finds; undefined until it is known. */
    get total(): number | undefined {
      return pages.find((page) => page.data !== undefined)?.data?.total;
    },
    get problem(): WorkbenchError | null {
      return failed?.error ?? null;
    },
    retry(): void {
      void failed?.refetch();
    },
  };
}
