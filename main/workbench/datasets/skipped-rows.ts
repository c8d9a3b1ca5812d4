import type { SkippedRow } from '#contract/dataset.ts';

/** Rows that an import left out as lines of text, at most `most` of them. */
export function listSkipped(skipped: readonly SkippedRow[], most: number, total = skipped.length): string[] {
  const lines = skipped
    .slice(0, most)
    .map(({ row, reason }) => `  ${typeof row === 'number' ? `row ${row}` : row}: ${reason}`);
  return total > most
    ? [...lines, `  and ${total - most} more (--json lists the first thousand, and counts by reason)`]
    : lines;
}
