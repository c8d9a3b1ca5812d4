import type { SkippedRow } from '#contract/dataset.ts';

/** Rows that are kept: enough to see what is wrong with the rest. */
const keptRows = 1_000;

/** Reasons that are told apart at most. */
const keptReasons = 100;

/** What an import left out: the first rows, how many there were, and how often for each reason. */
export interface SkippedTally {
  readonly rows: readonly SkippedRow[];
  readonly total: number;
  /** Rows by reason, paths and numbers taken out of it; the rarest beyond a hundred reasons are not told apart. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface GrowingTally extends SkippedTally {
  add(row: SkippedRow): void;
}

/**
 * A tally whose memory is bounded however many rows there are.
 * @param begun what an earlier one had counted
 */
export function createTally(begun: SkippedTally = { rows: [], total: 0, reasons: {} }): GrowingTally {
  const rows: SkippedRow[] = [...begun.rows];
  const reasons = new Map(Object.entries(begun.reasons));
  let { total } = begun;
  return {
    rows,
    get total() {
      return total;
    },
    get reasons() {
      return Object.fromEntries([...reasons].sort(([, a], [, b]) => b - a));
    },
    add(row) {
      total += 1;
      if (rows.length < keptRows) rows.push(row);
      const general = generalise(row.reason);
      const reason = reasons.has(general) || reasons.size < keptReasons ? general : 'other reasons';
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    },
  };
}

/** A reason without what is of one row alone: paths become `...`, numbers `N`. */
function generalise(reason: string): string {
  return reason.replaceAll(/(?:[a-z]:)?[/\\][^\s:]*(?:[^.:\s]|\.(?!\s|$))/gi, '...').replaceAll(/\d+/g, 'N');
}
