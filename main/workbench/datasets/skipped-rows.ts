import type { SkippedRow } from '#contract/dataset.ts';

/** Rows that an import left out as lines of text, at most `most` of them. */
export function listSkipped(skipped: readonly SkippedRow[], most: number): string[] {
  const lines = skipped
    .slice(0, most)
    .map(({ row, reason }) => `  ${typeof row === 'number' ? `row ${row}` : row}: ${reason}`);
  return skipped.length > most ? [...lines, `  and ${skipped.length - most} more (--json lists all)`] : lines;
}
