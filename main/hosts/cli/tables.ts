import type { Share } from '#contract/evaluation.ts';

/** Rows under a header, columns aligned: text to the left, cells that begin with a digit to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const numeric = header.map((_, column) =>
    rows.every((row) => /^[-+]?\d|^-?$|^n\/a$/.test(row[column] ?? '')),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? cell.length;
        return numeric[column] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** `39.0 %`; n/a for null. */
export function formatPercent(value: number | null): string {
  return value === null ? 'n/a' : `${(100 * value).toFixed(1)} %`;
}

/** `39.0 % [36.3, 41.8]`: a share with its Wilson 95 % interval. */
export function formatShare(share: Share | null): string {
  if (share === null) return 'n/a';
  const [low, high] = [share.low, share.high].map((value) => (100 * value).toFixed(1));
  return `${formatPercent(share.value)} [${low}, ${high}]`;
}

/** `1.2 s` or `3 min 5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
