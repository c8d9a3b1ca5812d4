import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { runBenchEvaluateJob } from '#main/engine/bench/bench-evaluate-job.ts';
import type { JobEvent } from '#main/engine/job.ts';
import { listBackends } from '../clip/on-backend.ts';

const [backend] = await listBackends();
beforeAll(async () => void (await useBackend(backend!)));

test('an evaluation is timed without PyTorch, and its pictures and model do not stay', async () => {
  const left = () =>
    readdirSync(tmpdir())
      .filter((name) => name.startsWith('ccw-bench-'))
      .sort();
  const before = left();
  const said: JobEvent[] = [];
  const report = await runBenchEvaluateJob(
    { kind: 'bench-evaluate', model: 'demo', pictures: 6, batchSize: 4, repetitions: 2, python: null },
    { emit: (event) => said.push(event), stopRequested: () => false },
  );
  expect(report).toMatchObject({ model: 'demo', pictures: 6, pytorchMs: null, torch: null, backend });
  expect(report.ms).toBeGreaterThan(0);
  // A process with TensorFlow's libraries and the model's weights is larger than that.
  expect(report.peakBytes).toBeGreaterThan(50e6);
  expect(said.map((event) => (event.type === 'progress' ? event.done : 0))).toEqual([1, 2]);
  expect(left()).toEqual(before);
});
