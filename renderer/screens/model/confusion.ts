import type { ConfusionCell } from '#contract/api/models.ts';

/** The whole matrix, counts[true][predicted], from its cells that are not 0. */
export function fillMatrix(size: number, cells: readonly ConfusionCell[]): number[][] {
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const [label, predicted, count] of cells) {
    const row = counts[label];
    if (row !== undefined) row[predicted] = count;
  }
  return counts;
}

/** Counts of a confusion matrix in an order of its classes, as shares of each row. */
export interface ConfusionPicture {
  classes: string[];
  /** shares[true][predicted] in [0, 1]; 0 for classes without pictures. */
  shares: number[][];
  counts: number[][];
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

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const collator = new Intl.Collator('en', { numeric: true });

/** How often a class takes part in a confusion: its own pictures taken for others, and others taken for it. */
export function countConfused(counts: readonly (readonly number[])[]): number[] {
  const predicted = new Array<number>(counts.length).fill(0);
  for (const row of counts) {
    for (const [index, count] of row.entries()) predicted[index] = (predicted[index] ?? 0) + count;
  }
  return counts.map((row, index) => {
    const own = row[index] ?? 0;
    return sum(row) - own + (predicted[index] ?? 0) - own;
  });
}

/**
 * The matrix in an order, cut to the first classes of it.
 * @param most how many classes to keep; Infinity for all
 */
export function arrangeConfusion(
  classes: readonly string[],
  counts: readonly (readonly number[])[],
  order: ConfusionOrder,
  most: number,
): ConfusionPicture {
  const confused = countConfused(counts);
  const sizes = counts.map(sum);
  const accuracy = counts.map((row, index) => (row[index] ?? 0) / (sizes[index] || 1));
  const indices = classes.map((_, index) => index);
  if (order === 'name') indices.sort((a, b) => collator.compare(classes[a] ?? '', classes[b] ?? ''));
  if (order === 'size') indices.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0));
  if (order === 'accuracy') indices.sort((a, b) => (accuracy[a] ?? 0) - (accuracy[b] ?? 0));
  if (order === 'confused') indices.sort((a, b) => (confused[b] ?? 0) - (confused[a] ?? 0));
  const kept = indices.slice(0, most);
  const pick = (row: number) => kept.map((column) => counts[row]?.[column] ?? 0);
  return {
    classes: kept.map((index) => classes[index] ?? ''),
    counts: kept.map(pick),
    shares: kept.map((row) => {
      const whole = sizes[row] || 1;
      return pick(row).map((count) => count / whole);
    }),
  };
}

/** The largest confusions, most pictures first. */
export function listConfusions(
  classes: readonly string[],
  counts: readonly (readonly number[])[],
  most: number,
): Confusion[] {
  const found: Confusion[] = [];
  for (const [label, row] of counts.entries()) {
    const of = sum(row);
    for (const [predicted, count] of row.entries()) {
      if (count === 0 || predicted === label) continue;
      found.push({ label: classes[label] ?? '', predicted: classes[predicted] ?? '', count, of });
    }
  }
  return found.sort((a, b) => b.count - a.count).slice(0, most);
}
