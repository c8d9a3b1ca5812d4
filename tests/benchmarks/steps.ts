/**
 * Training steps against PyTorch, on a quiet machine: `npm run bench:steps -- PYTHON [REPETITIONS]`, with torch and
 * open_clip in that Python; up to 10 GB. Prints a table and writes it into docs/performance.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchitectureName } from '#contract/architectures.ts';
import { benchedMethods, type StepTimings } from '#contract/engine.ts';
import { benchStep } from '#main/workbench/doctor/bench.ts';
import type { JobContext } from '#main/workbench/engine/job-context.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { writeSection } from './page-sections.ts';

const [python, repetitions = '7'] = process.argv.slice(2);
if (python === undefined)
  throw new Error('Name a Python with torch and open_clip: npm run bench:steps -- PYTHON');

const works: { model: ArchitectureName; batchSize: number }[] = [
  { model: 'demo', batchSize: 128 },
  { model: 'ViT-B/32', batchSize: 16 },
  { model: 'RN50', batchSize: 16 },
];
const context: JobContext = {
  reporter: { progress: () => {}, say: () => {} },
  interrupt: { gentle: new AbortController().signal, hard: new AbortController().signal },
  device: null,
};
const load = (loadavg()[0] ?? 0).toFixed(1);
const folder = mkdtempSync(join(tmpdir(), 'ccw-steps-'));
const workspace = openWorkspace(join(folder, 'workspace'));
try {
  const rows: string[] = [];
  let torch: string | null = null;
  for (const work of works) {
    const request = {
      ...work,
      method: null,
      partSize: null,
      precision: 'float32' as const,
      python,
      repetitions: Number(repetitions),
    };
    const report = await benchStep(workspace, request, context);
    torch = report.torch;
    console.error(JSON.stringify(report));
    for (const method of benchedMethods) {
      const timings = report[method];
      if (timings !== null)
        rows.push(formatRow(`${work.model}, ${method}, batch ${work.batchSize}`, timings));
    }
  }
  const text = [
    `${cpus()[0]?.model ?? 'unknown processor'} (${availableParallelism()} cores, load average at the start ${load}), Node ${process.version}, PyTorch ${torch ?? 'none'}, ${new Date().toISOString().slice(0, 10)}; medians of ${repetitions} pairs for each of PyTorch's layouts, in milliseconds and, for peaks of whole processes, in gigabytes. The ratio is that of the better layout.`,
    '',
    '| step | ours | first step | PyTorch | channels_last | PyTorch / ours | peak | PyTorch |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...rows,
  ].join('\n');
  console.log(text);
  writeSection('steps', text);
} finally {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
}

function formatRow(name: string, timings: StepTimings): string {
  const { graphMs, firstMs, pytorchMs, pytorchChannelsLastMs, peakBytes, pytorchPeakBytes } = timings;
  const better = Math.min(pytorchMs ?? Number.NaN, pytorchChannelsLastMs ?? Number.NaN);
  const cells = [
    name,
    graphMs.toFixed(0),
    firstMs.toFixed(0),
    pytorchMs?.toFixed(0),
    pytorchChannelsLastMs?.toFixed(0),
    (better / graphMs).toFixed(2),
    (peakBytes / 1e9).toFixed(2),
    pytorchPeakBytes === null ? '' : (pytorchPeakBytes / 1e9).toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`;
}
