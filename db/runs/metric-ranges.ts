import type { Series } from '#contract/api/runs.ts';
import { thinSeries } from '#core/statistics/thin-series.ts';
import { numberOf } from '../names.ts';
import { type Database, prepare } from '../statements.ts';

/** Steps that one stretch covers, the narrowest first: see migration 019. */
const widths = [16, 256, 4_096] as const;

/** Rows that are read for one series, at most about twice as many: more would only be thinned. */
const readRows = 8_192;

interface RangeRow {
  lowStep: number;
  low: number;
  highStep: number;
  high: number;
}

/**
 * Works the stretches out anew that hold these steps, after points were stored or replaced: the narrowest from the
 * points themselves, each wider one from those below it.
 */
export function updateRanges(db: Database, run: number, name: string, steps: readonly number[]): void {
  for (const [index, width] of widths.entries()) {
    const below = widths[index - 1];
    const source = (extreme: Extreme) => (below === undefined ? pointIn(extreme) : rangeIn(extreme, below));
    const store = prepare(
      db,
      `INSERT OR REPLACE INTO metric_ranges (run, name, width, stretch, low_step, low, high_step, high)
       SELECT ?, ?, ?, ?, a.step, a.value, b.step, b.value FROM (${source('min')}) a, (${source('max')}) b
       WHERE a.value IS NOT NULL`,
    );
    for (const stretch of new Set(steps.map((step) => Math.floor(step / width)))) {
      const first = stretch * width;
      const unit = below ?? 1;
      const inside = [run, name, first / unit, (first + width) / unit - 1];
      store.run(run, name, width, stretch, ...inside, ...inside);
    }
  }
}

type Extreme = 'min' | 'max';

/** (In SQLite the other columns of a row with min() or max() are those of the row that has it.) */
function pointIn(extreme: Extreme): string {
  return `SELECT step, ${extreme}(value) AS value FROM metrics
    WHERE run = ? AND name = ? AND step BETWEEN ? AND ? AND abs(value) < 9e999`;
}

function rangeIn(extreme: Extreme, width: number): string {
  const column = extreme === 'min' ? 'low' : 'high';
  return `SELECT ${column}_step AS step, ${extreme}(${column}) AS value FROM metric_ranges
    WHERE run = ? AND name = ? AND stretch BETWEEN ? AND ? AND width = ${width}`;
}

/**
 * Series of a run, each of at most `points` points: the lowest and the highest value of each stretch stay. Values that
 * are no numbers are left out. Of a long run only stretches are read.
 * @param names those that are wanted; null: all, by name
 */
export function readThinned(
  db: Database,
  runId: string,
  names: readonly string[] | null,
  points: number,
): Series[] {
  const run = numberOf(db, 'runs', runId);
  const present = listNames(db, run);
  const wanted = names === null ? present : present.filter((name) => names.includes(name));
  return wanted
    .map((name) => thinSeries(readSeries(db, run, name, points), points))
    .filter(({ steps }) => steps.length > 0);
}

function readSeries(db: Database, run: number, name: string, points: number): Series {
  const enough = Math.max(readRows, points);
  if (!hasMoreThan(db, run, name, enough)) return readPoints(db, run, name);
  const span = prepare<{ first: number; last: number }>(
    db,
    // (With both in one query SQLite reads every point.)
    `SELECT (SELECT min(step) FROM metrics WHERE run = ? AND name = ?) AS first,
      (SELECT max(step) FROM metrics WHERE run = ? AND name = ?) AS last`,
  ).get(run, name, run, name);
  const steps = (span?.last ?? 0) - (span?.first ?? 0) + 1;
  // The widest that still gives two stretches for each point that is kept.
  const width = widths.findLast((one) => steps / one >= points) ?? widths[0];
  const rows = prepare<RangeRow>(
    db,
    `SELECT low_step AS lowStep, low, high_step AS highStep, high FROM metric_ranges
     WHERE run = ? AND name = ? AND width = ? ORDER BY stretch`,
  ).all(run, name, width);
  const series: Series = { name, steps: [], values: [] };
  for (const { lowStep, low, highStep, high } of rows) {
    const ends =
      lowStep <= highStep
        ? [
            [lowStep, low],
            [highStep, high],
          ]
        : [
            [highStep, high],
            [lowStep, low],
          ];
    for (const [step = 0, value = 0] of lowStep === highStep ? ends.slice(0, 1) : ends) {
      series.steps.push(step);
      series.values.push(value);
    }
  }
  return series;
}

function readPoints(db: Database, run: number, name: string): Series {
  const rows = prepare<{ step: number; value: number }>(
    db,
    `SELECT step, value FROM metrics WHERE run = ? AND name = ? AND abs(value) < 9e999 ORDER BY step`,
  ).all(run, name);
  return { name, steps: rows.map(({ step }) => step), values: rows.map(({ value }) => value) };
}

function hasMoreThan(db: Database, run: number, name: string, count: number): boolean {
  const beyond = prepare(
    db,
    'SELECT 1 FROM metrics WHERE run = ? AND name = ? ORDER BY step LIMIT 1 OFFSET ?',
  ).get(run, name, count);
  return beyond !== undefined;
}

/** Each name by one look at the index: a plain DISTINCT reads every point. */
function listNames(db: Database, run: number): string[] {
  const next = prepare<{ name: string | null }>(
    db,
    'SELECT min(name) AS name FROM metrics WHERE run = ? AND name > ?',
  );
  const names: string[] = [];
  for (let name = ''; ; ) {
    const found = next.get(run, name)?.name ?? null;
    if (found === null) return names;
    names.push(found);
    name = found;
  }
}
