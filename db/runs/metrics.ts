import type { MetricPoint } from '#contract/run.ts';
import { numberOf } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';
import { updateRanges } from './metric-ranges.ts';

/**
 * Stores points in one transaction. A point of the same run, name and step is replaced: a resumed run repeats
 * the steps since its checkpoint. Values may be infinite or NaN.
 */
export function insertMetrics(db: Database, runId: string, points: readonly MetricPoint[]): void {
  if (points.length === 0) return;
  const insert = prepare(db, 'INSERT OR REPLACE INTO metrics (run, name, step, value) VALUES (?, ?, ?, ?)');
  inTransaction(db, () => {
    const run = numberOf(db, 'runs', runId);
    const stepsOf = new Map<string, number[]>();
    for (const { name, step, value } of points) {
      insert.run(run, name, step, Number.isNaN(value) ? null : value);
      const steps = stepsOf.get(name);
      if (steps === undefined) stepsOf.set(name, [step]);
      else steps.push(step);
    }
    for (const [name, steps] of stepsOf) updateRanges(db, run, name, steps);
  });
}

/** A run's points by step; all names by name, or only the one given. */
export function readMetrics(db: Database, runId: string, name: string | null = null): MetricPoint[] {
  const run = numberOf(db, 'runs', runId);
  const rows =
    name === null
      ? prepare<MetricRow>(db, 'SELECT name, step, value FROM metrics WHERE run = ? ORDER BY name, step').all(
          run,
        )
      : prepare<MetricRow>(
          db,
          'SELECT name, step, value FROM metrics WHERE run = ? AND name = ? ORDER BY step',
        ).all(run, name);
  return rows.map((row) => ({ ...row, value: row.value ?? Number.NaN }));
}

/** The last value of a name; null where there is none, or it was NaN. */
export function lastMetric(db: Database, runId: string, name: string): number | null {
  const row = prepare<MetricRow>(
    db,
    'SELECT name, step, value FROM metrics WHERE run = ? AND name = ? ORDER BY step DESC LIMIT 1',
  ).get(numberOf(db, 'runs', runId), name);
  return row?.value ?? null;
}

interface MetricRow {
  name: string;
  step: number;
  value: number | null;
}
