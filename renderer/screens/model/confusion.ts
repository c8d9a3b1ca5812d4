import { plotText } from '../runs/plot-text.ts';

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

export const confusionOrders = ['class', 'accuracy', 'confused'] as const;
export type ConfusionOrder = (typeof confusionOrders)[number];

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** How often a class takes part in a confusion: its own pictures taken for others, and others taken for it. */
export function countConfused(counts: readonly (readonly number[])[]): number[] {
  return counts.map((row, index) => {
    const own = row[index] ?? 0;
    return sum(row) - own + sum(counts.map((other) => other[index] ?? 0)) - own;
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
  const accuracy = counts.map((row, index) => (row[index] ?? 0) / (sum(row) || 1));
  const indices = classes.map((_, index) => index);
  if (order === 'accuracy') indices.sort((a, b) => (accuracy[a] ?? 0) - (accuracy[b] ?? 0));
  if (order === 'confused') indices.sort((a, b) => (confused[b] ?? 0) - (confused[a] ?? 0));
  const kept = indices.slice(0, most);
  const pick = (row: number) => kept.map((column) => counts[row]?.[column] ?? 0);
  return {
    classes: kept.map((index) => classes[index] ?? ''),
    counts: kept.map(pick),
    shares: kept.map((row) => {
      const whole = sum(counts[row] ?? []) || 1;
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
  return counts
    .flatMap((row, label) => {
      const of = sum(row);
      return row.flatMap((count, predicted) =>
        count === 0 || predicted === label
          ? []
          : [{ label: classes[label] ?? '', predicted: classes[predicted] ?? '', count, of }],
      );
    })
    .toSorted((a, b) => b.count - a.count)
    .slice(0, most);
}

/** Classes as a chart's axes write them: short, and each different from the others. */
export function labelClasses(classes: readonly string[]): string[] {
  const taken = new Set<string>();
  return classes.map((name) => {
    const short = plotText(name, 24);
    let label = short;
    for (let nth = 2; taken.has(label); nth += 1) label = `${short} (${nth})`;
    taken.add(label);
    return label;
  });
}
