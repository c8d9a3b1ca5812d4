export interface Band {
  from: { x: number; y: number };
  to: { x: number; y: number };
}
export interface GridMeasures {
  columns: number;
  count: number;
  /** From one item's left edge to the next one's, px. */
  itemWidth: number;
  /** From one row's top to the next one's, px. */
  rowPx: number;
  /** Empty px between items. */
  gap: number;
}

/** Indexes of the items that a rectangle touches, ascending; px from the upper left of the whole list. */
export function indexesInBand(
  { from, to }: Band,
  { columns, count, itemWidth, rowPx, gap }: GridMeasures,
): number[] {
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  // The gap after an item is not part of it.
  const firstColumn = Math.max(0, Math.floor((left + gap) / itemWidth));
  const lastColumn = Math.min(columns - 1, Math.floor(right / itemWidth));
  const firstRow = Math.max(0, Math.floor((top + gap) / rowPx));
  const lastRow = Math.min(Math.ceil(count / columns) - 1, Math.floor(bottom / rowPx));
  const found: number[] = [];
  for (let row = firstRow; row <= lastRow; row += 1) {
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      const index = row * columns + column;
      if (index < count) found.push(index);
    }
  }
  return found;
}
