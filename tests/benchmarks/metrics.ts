import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { openDatabase } from '#db/open.ts';
import { readThinned } from '#db/runs/metric-ranges.ts';
import { insertMetrics } from '#db/runs/metrics.ts';
import { insertRun } from '#db/runs/runs.ts';
import { datasetNamed, runNamed } from '../db/records-for-tests.ts';

/**
 * How long the curves of a run with 1.5 million steps take to be read, from a database that was just opened and again
 * (over 300 ms of processor time it exits with 1), and what storing its points costs. Processor time of this process, which also runs on other work.
 */
const steps = 1_500_000;
const batch = 1_000;
const names = ['learning_rate', 'logit_scale', 'loss'];
const shown = 2_000;
const limitMs = 300;

const path = join(tmpdir(), `ccw-bench-metrics-${process.pid}.sqlite`);
try {
  let db = openDatabase(path);
  const run = insertRun(db, runNamed('long', beginImport(db, datasetNamed('pairs')).finish().id)).id;
  const stored = measure(() => {
    for (let from = 0; from < steps; from += batch) {
      const points = Array.from({ length: batch }, (_, index) => from + index + 1).flatMap((step) =>
        names.map((name) => ({ name, step, value: Math.sin(step / 1000) })),
      );
      insertMetrics(db, run, points);
    }
  });
  db.close();
  db = openDatabase(path);
  const first = measure(() => readThinned(db, run, null, shown));
  const again = measure(() => readThinned(db, run, null, shown));
  if (first.processor > limitMs) process.exitCode = 1;
  const lengths = readThinned(db, run, null, shown).map((series) => series.steps.length);
  db.close();
  process.stdout.write(
    `${JSON.stringify({ steps, series: names.length, points: lengths, storedMs: stored, firstMs: first, againMs: again })}\n`,
  );
} finally {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
}

/** Wall and processor time in milliseconds. */
function measure(work: () => void): { wall: number; processor: number } {
  const begun = performance.now();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return { wall: Math.round(performance.now() - begun), processor: Math.round((user + system) / 1000) };
}
