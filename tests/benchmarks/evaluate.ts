/**
 * CA and ASR on JPEG files against the reference's way in PyTorch, on a quiet machine: `npm run bench:evaluate --
 * PYTHON [PICTURES] [REPETITIONS]`, with torch, torchvision, Pillow and open_clip in that Python; about 20 minutes for
 * 200 pictures on two cores. Prints a table and writes it into docs/performance.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchitectureName } from '#contract/architectures.ts';
import { benchEvaluate } from '#main/workbench/doctor/bench.ts';
import type { JobContext } from '#main/workbench/engine/job-context.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { writeSection } from './page-sections.ts';

const [python, pictures = '200', repetitions = '3'] = process.argv.slice(2);
if (python === undefined)
  throw new Error('Name a Python with torch and open_clip: npm run bench:evaluate -- PYTHON');

const models: ArchitectureName[] = ['RN50', 'ViT-B/32'];
const context: JobContext = {
  reporter: { progress: () => {}, say: () => {} },
  interrupt: { gentle: new AbortController().signal, hard: new AbortController().signal },
  device: null,
};
const load = (loadavg()[0] ?? 0).toFixed(1);
const folder = mkdtempSync(join(tmpdir(), 'ccw-evaluate-'));
const workspace = openWorkspace(join(folder, 'workspace'));
try {
  const rows: string[] = [];
  let torch: string | null = null;
  for (const model of models) {
    const request = {
      model,
      python,
      pictures: Number(pictures),
      batchSize: 32,
      repetitions: Number(repetitions),
    };
    const report = await benchEvaluate(workspace, request, context);
    torch = report.torch;
    console.error(JSON.stringify(report));
    const { ms, pytorchMs, peakBytes, pytorchPeakBytes } = report;
    const cells = [
      model,
      (ms / 1000).toFixed(1),
      ((pytorchMs ?? Number.NaN) / 1000).toFixed(1),
      ((pytorchMs ?? Number.NaN) / ms).toFixed(2),
      (peakBytes / 1e9).toFixed(2),
      pytorchPeakBytes === null ? '' : (pytorchPeakBytes / 1e9).toFixed(2),
    ];
    rows.push(`| ${cells.join(' | ')} |`);
  }
  const text = [
    `${cpus()[0]?.model ?? 'unknown processor'} (${availableParallelism()} cores, load average at the start ${load}), Node ${process.version}, PyTorch ${torch ?? 'none'}, ${new Date().toISOString().slice(0, 10)}; CA and ASR on ${pictures} JPEG files at 224 px, batches of 32, medians of ${repetitions} pairs in seconds, peaks of whole processes in gigabytes. Ours reads the weights and traces its graphs each time; PyTorch's are there.`,
    '',
    '| model | ours | PyTorch, two passes | PyTorch / ours | peak | PyTorch |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows,
  ].join('\n');
  console.log(text);
  writeSection('evaluate', text);
} finally {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
}
