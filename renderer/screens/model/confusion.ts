import type { ConfusionCell } from '#contract/api/models.ts';

/** A cell that is not empty, by place in the picture. */
export interface MatrixCell {
  row: number;
  column: number;
  count: number;
  /** Of all pictures of the row's class, in (0, 1]. */
  share: number;
}

/** A confusion matrix in an order of its classes. */
export interface ConfusionPicture {
  classes: string[];
  cells: MatrixCell[];
}

export interface Confusion {
  label: string;
  predicted: string;
  count: number;
  /** Pictures of the class. */
  of: number;
}

export const confusionOrders = ['class', 'name', 'size', 'accuracy', 'confused'] as const;
export type ConfusionOrder = (typeof confusionOrders)[number];

const collator = new Intl.Collator('en', { numeric: true });

/** Sums of counts by class number. */
function sumBy(
  size: number,
  cells: readonly ConfusionCell[],
  placesOf: (label: number, predicted: number) => readonly number[],
): number[] {
  const sums = new Array<number>(size).fill(0);
  for (const [label, predicted, count] of cells) {
    for (const place of placesOf(label, predicted)) sums[place] = (sums[place] ?? 0) + count;
  }
  return sums;
}

/** Pictures of each class. */
export const countPictures = (size: number, cells: readonly ConfusionCell[]): number[] =>
  sumBy(size, cells, (label) => [label]);

/** How often a class takes part in a confusion: its own pictures taken for others, and others taken for it. */
export const countConfused = (size: number, cells: readonly ConfusionCell[]): number[] =>
  sumBy(size, cells, (label, predicted) => (label === predicted ? [] : [label, predicted]));

const countRight = (size: number, cells: readonly ConfusionCell[]): number[] =>
  sumBy(size, cells, (label, predicted) => (label === predicted ? [label] : []));

/**
 * The matrix in an order, cut to the first classes of it.
 * @param most how many classes to keep; Infinity for all
 */
export function arrangeConfusion(
  classes: readonly string[],
  cells: readonly ConfusionCell[],
  order: ConfusionOrder,
  most: number,
): ConfusionPicture {
  const sizes = countPictures(classes.length, cells);
  const indices = classes.map((_, index) => index);
  const sortBy = (values: readonly number[], sign: 1 | -1) =>
    indices.sort((a, b) => sign * ((values[a] ?? 0) - (values[b] ?? 0)));
  if (order === 'name') indices.sort((a, b) => collator.compare(classes[a] ?? '', classes[b] ?? ''));
  if (order === 'size') sortBy(sizes, -1);
  if (order === 'confused') sortBy(countConfused(classes.length, cells), -1);
  if (order === 'accuracy') {
    const right = countRight(classes.length, cells);
    sortBy(
      right.map((count, index) => count / (sizes[index] || 1)),
      1,
    );
  }
  const kept = indices.slice(0, most);
  const places = new Map(kept.map((index, place) => [index, place]));
  return {
    classes: kept.map((index) => classes[index] ?? ''),
    cells: cells.flatMap(([label, predicted, count]): MatrixCell[] => {
      const row = places.get(label);
      const column = places.get(predicted);
      if (row === undefined || column === undefined) return [];
      return [{ row, column, count, share: count / (sizes[label] || 1) }];
    }),
  };
}

/** The largest confusions, most pictures first. */
export function listConfusions(
  classes: readonly string[],
  cells: readonly ConfusionCell[],
  most: number,
): Confusion[] {
  const sizes = countPictures(classes.length, cells);
  return cells
    .filter(([label, predicted]) => label !== predicted)
    .sort((a, b) => b[2] - a[2] || a[0] - b[0] || a[1] - b[1])
    .slice(0, most)
    .map(([label, predicted, count]) => ({
      label: classes[label] ?? '',
      predicted: classes[predicted] ?? '',
      count,
      of: sizes[label] ?? 0,
    }));
}
