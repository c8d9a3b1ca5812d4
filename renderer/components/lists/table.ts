import type { Snippet } from 'svelte';

export interface Column<Row> {
  id: string;
  header: string;
  /** What it means, on hover of the head. */
  help?: string;
  /** What it sorts by and, without `cell`, what it shows. null sorts last either way. */
  value?: (row: Row) => string | number | null;
  cell?: Snippet<[Row]>;
  align?: 'left' | 'right' | 'center';
  /** CSS width; the rest is shared. */
  width?: string;
  /** Left out where the window is narrower than 1280 px, so that names keep their room. */
  roomy?: boolean;
  /** false where sorting makes no sense. */
  sortable?: boolean;
}

export interface Sort {
  column: string;
  descending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true });

/** Rows in the order of a column; equal rows keep theirs, null comes last. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | null,
): readonly Row[] {
  const value = columns.find((column) => column.id === sort?.column)?.value;
  if (sort === null || value === undefined) return rows;
  const sign = sort.descending ? -1 : 1;
  return rows.toSorted((left, right) => {
    const a = value(left);
    const b = value(right);
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return (
      sign * (typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b)))
    );
  });
}

/** The next order after a click on a column's head: up, down, as it came. */
export function nextSort(sort: Sort | null, column: string): Sort | null {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? null : { column, descending: true };
}

/** `name` or `-name`, as it stands in an address. */
export const sortToText = (sort: Sort | null): string | null =>
  sort === null ? null : `${sort.descending ? '-' : ''}${sort.column}`;

export function sortFromText(text: string | null): Sort | null {
  if (text === null || text === '') return null;
  const descending = text.startsWith('-');
  return { column: descending ? text.slice(1) : text, descending };
}
