import type { Migration } from './migration.ts';

/**
 * Lowest and highest values of stretches of a run's metrics, so that a long run is drawn without reading all of it:
 * stretch n of width w holds the steps from n * w to (n + 1) * w - 1. db/runs/metric-ranges.ts keeps them.
 */
export const metricRanges: Migration = {
  version: 19,
  sql: `
CREATE TABLE metric_ranges (
  run INTEGER NOT NULL REFERENCES runs (number),
  name TEXT NOT NULL,
  width INTEGER NOT NULL,
  stretch INTEGER NOT NULL,
  low_step INTEGER NOT NULL,
  low REAL NOT NULL,
  high_step INTEGER NOT NULL,
  high REAL NOT NULL,
  PRIMARY KEY (run, name, width, stretch)
) STRICT, WITHOUT ROWID;
${[16, 256, 4096]
  .map(
    (width) => `
INSERT INTO metric_ranges (run, name, width, stretch, low_step, low, high_step, high)
  SELECT a.run, a.name, ${width}, a.stretch, a.step, a.low, b.step, b.high FROM
    (SELECT run, name, step / ${width} AS stretch, step, min(value) AS low FROM metrics
     WHERE value IS NOT NULL AND abs(value) < 9e999 GROUP BY run, name, step / ${width}) a
    JOIN (SELECT run, name, step / ${width} AS stretch, step, max(value) AS high FROM metrics
     WHERE value IS NOT NULL AND abs(value) < 9e999 GROUP BY run, name, step / ${width}) b
    USING (run, name, stretch);`,
  )
  .join('')}
`,
};
