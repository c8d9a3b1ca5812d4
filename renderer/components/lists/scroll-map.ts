/**
 * Where a very long list stands. Browsers end an element at some tens of millions of px (Firefox 17.8 million), so a
 * list that would be longer gets a shorter scroll range and the scroll bar's way is stretched over the list.
 */
export interface ScrollMap {
  /** Height of the whole list, px. */
  total: number;
  /** Height that the browser is given, px. */
  physical: number;
  /** Px of list per px of scroll bar; 1 where nothing is stretched. */
  ratio: number;
}

export const longestElementPx = 8_000_000;

export function createScrollMap(
  totalPx: number,
  viewportPx: number,
  longestPx = longestElementPx,
): ScrollMap {
  const physical = Math.min(totalPx, longestPx);
  const ratio =
    totalPx > longestPx && physical > viewportPx ? (totalPx - viewportPx) / (physical - viewportPx) : 1;
  return { total: totalPx, physical, ratio };
}

/** First and last row (inclusive) to draw at a place of the list, with `extra` rows on both sides; last < first where there are none. */
export function visibleRows(
  topPx: number,
  viewportPx: number,
  rowPx: number,
  rows: number,
  extra: number,
): { first: number; last: number } {
  const first = Math.max(0, Math.floor(topPx / rowPx) - extra);
  const last = Math.min(rows - 1, Math.ceil((topPx + viewportPx) / rowPx) - 1 + extra);
  return { first, last };
}

/** The place nearest to `topPx` at which a row is wholly in view. */
export function revealRow(row: number, topPx: number, viewportPx: number, rowPx: number): number {
  const start = row * rowPx;
  if (start < topPx) return start;
  if (start + rowPx > topPx + viewportPx) return start + rowPx - viewportPx;
  return topPx;
}
