/**
 * How much of its time a training waits for data, on a quiet machine: `npm run bench:feeding`, about 10 GB and 15
 * minutes. Prints a table and writes it into docs/performance.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MethodName, presetFor } from '#contract/methods/method-registry.ts';
import { runConfigSchema } from '#contract/run.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import { useDevice } from '#main/engine/backend.ts';
import { benchedClasses, writeBenchedPictures } from '#main/engine/bench/benched-pictures.ts';
import type { JobEvent } from '#main/engine/job.ts';
import { runTrainJob } from '#main/engine/training/train-job.ts';
import { writeSection } from './page-sections.ts';

const works: { architecture: string; method: MethodName; side: number; batchSize: number; steps: number }[] =
  [
    { architecture: 'demo', method: 'mmcl', side: 72, batchSize: 128, steps: 20 },
    { architecture: 'demo', method: 'cleanclip', side: 72, batchSize: 128, steps: 20 },
    { architecture: 'RN50', method: 'mmcl', side: 320, batchSize: 16, steps: 6 },
    { architecture: 'RN50', method: 'cleanclip', side: 320, batchSize: 8, steps: 6 },
  ];
const epochs = 2;

const load = (loadavg()[0] ?? 0).toFixed(1);
await useDevice('cpu');
const rows: string[] = [];
for (const { architecture, method, side, batchSize, steps } of works) {
  const folder = mkdtempSync(join(tmpdir(), 'ccw-feeding-'));
  try {
    const records = await writeBenchedPictures(folder, batchSize * steps, side);
    const recordsFile = join(folder, 'records.jsonl');
    await writeRecordsFile(recordsFile, records);
    const shares: number[] = [];
    const emit = (event: JobEvent) => {
      if (event.type !== 'metrics') return;
      shares.push(...event.points.filter(({ name }) => name === 'data_wait_share').map(({ value }) => value));
    };
    const config = runConfigSchema.parse({
      start: { kind: 'scratch', architecture },
      data: { kind: 'dataset', id: 'any', selection: { fraction: 1, withoutPoisoned: false } },
      method,
      settings: { ...presetFor(method, 'model').settings, epochs, batchSize },
      seed: 0,
    });
    await runTrainJob(
      {
        kind: 'train',
        runId: 'bench',
        config,
        recordsFile,
        attacks: [],
        promptTexts: [],
        classes: benchedClasses,
        start: null,
        resume: null,
        outputFolder: join(folder, 'out'),
      },
      { emit, stopRequested: () => false },
    );
    const cells = shares.map((share) => `${(100 * share).toFixed(1)} %`).join(' | ');
    rows.push(`| ${architecture}, ${method}, batch ${batchSize}, JPEG files of ${side} px | ${cells} |`);
    console.error(rows.at(-1));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const text = [
  `${cpus()[0]?.model ?? 'unknown processor'} (${availableParallelism()} cores, load average at the start ${load}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; the part of an epoch's time in which its steps waited for their batches. In the first epoch pictures are decoded; in the second they are in memory.`,
  '',
  '| run | first epoch | second epoch |',
  '|---|---:|---:|',
  ...rows,
].join('\n');
console.log(text);
writeSection('feeding', text);
process.exit(0);
