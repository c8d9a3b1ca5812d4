/**
 * Steps, evaluation and transfer on an NVIDIA GPU against PyTorch with automatic mixed precision: `npm run bench:gpu --
 * [PYTHON]`, after `npm run setup -- --device cuda`. Prints one table and writes it into docs/performance.md; without a
 * GPU it says why and ends with 1.
 */
import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import { type BenchedMethod, benchedMethods } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { type UsedDevice, useDevice } from '#main/engine/backend.ts';
import { runBenchEvaluateJob } from '#main/engine/bench/bench-evaluate-job.ts';
import { runBenchStepJob } from '#main/engine/bench/bench-step-job.ts';
import { median } from '#main/engine/bench/benched-model.ts';
import { normalisePixels } from '#main/engine/clip/ops/normalise-pixels.ts';
import { compileStep } from '#main/engine/compiled-step.ts';
import { toPixelTensor } from '#main/engine/training/feeding/image-batch.ts';
import { writeSection } from './page-sections.ts';

const [python = null] = process.argv.slice(2);
const models = ['RN50', 'ViT-B/32'] as const;
const batchSize = 64;
const repetitions = 10;
const context = { emit: () => {}, stopRequested: () => false };

const device = await findGpu();
const rows: string[] = [];
for (const model of models) {
  for (const method of benchedMethods) rows.push(await timeStep(model, method));
  const { ms, pytorchMs } = await runBenchEvaluateJob(
    { kind: 'bench-evaluate', model, pictures: 2000, batchSize, repetitions: 1, python },
    context,
  );
  rows.push(formatRow(`${model}, CA and ASR on 2,000 JPEG files`, ms, pytorchMs));
}
rows.push(
  formatRow(`transfer of ${batchSize} pictures at 224 px, normalised there`, await timeTransfer(), null),
);
const text = [
  `${device.hardware}, TensorFlow ${device.version}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; medians of ${repetitions} in milliseconds, batch ${batchSize}, texts that fill the context; steps of both sides in mixed precision (bfloat16), our evaluation in float32.`,
  '',
  '| work | ours | PyTorch | PyTorch / ours |',
  '|---|---:|---:|---:|',
  ...rows,
].join('\n');
console.log(text);
writeSection('gpu', text);
process.exit(0);

async function findGpu(): Promise<UsedDevice> {
  try {
    return await useDevice('cuda');
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    console.error(`Nothing was measured: ${error.message}`);
    process.exit(1);
  }
}

async function timeStep(model: (typeof models)[number], method: BenchedMethod): Promise<string> {
  const job = {
    kind: 'bench-step',
    model,
    method,
    batchSize,
    partSize: null,
    precision: 'bfloat16',
    repetitions,
    python,
  } as const;
  const { graphMs, pytorchMs, pytorchChannelsLastMs } = (await runBenchStepJob(job, context)).timings;
  const theirs = [pytorchMs, pytorchChannelsLastMs].filter((ms) => ms !== null);
  return formatRow(`${model}, ${method} step`, graphMs, theirs.length === 0 ? null : Math.min(...theirs));
}

async function timeTransfer(): Promise<number> {
  const side = 224;
  const step = compileStep(([pixels]) => [tf.sum(normalisePixels(pixels as tf.Tensor4D))], {
    name: 'transfer',
  });
  const bytes = new Uint8Array(batchSize * side * side * 3).fill(127);
  const times: number[] = [];
  for (let turn = -2; turn < repetitions; turn++) {
    const begunMs = performance.now();
    const pixels = toPixelTensor(bytes, side);
    const [sum] = await step.run([pixels]);
    await sum!.data();
    tf.dispose([pixels, sum!]);
    if (turn >= 0) times.push(performance.now() - begunMs);
  }
  step.dispose();
  return median(times);
}

function formatRow(work: string, ours: number, theirs: number | null): string {
  const cells = [
    work,
    ours.toFixed(1),
    theirs?.toFixed(1) ?? '',
    theirs === null ? '' : (theirs / ours).toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`;
}
