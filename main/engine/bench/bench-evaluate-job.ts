import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { Attack, BenchEvaluateJob, BenchEvaluateReport } from '#contract/engine.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import { checkpointFiles, writeCheckpoint } from '../checkpoints/checkpoint-folder.ts';
import { saveWeights } from '../checkpoints/weights.ts';
import { initialise } from '../clip/initialise.ts';
import { runEvaluateJob } from '../evaluation/evaluate-job.ts';
import type { JobContext } from '../job.ts';
import { benchedSpec, median, peerSizes } from './benched-model.ts';
import { benchedClasses as classes, writeBenchedPictures } from './benched-pictures.ts';
import { startPytorchPeer } from './pytorch-peer.ts';

const prompts = ['a photo of a {class}.', 'a drawing of a {class}.', 'a small {class}.'];
const patchSide = 16;

/**
 * CA and ASR on JPEG files at the model's resolution: a whole evaluation job, weights read and graphs traced, in turn
 * with the reference's two passes in PyTorch with Pillow (pytorch_evaluate.py), each in a process of its own.
 */
export async function runBenchEvaluateJob(
  job: BenchEvaluateJob,
  context: JobContext,
): Promise<BenchEvaluateReport> {
  const { model, pictures, batchSize, repetitions, python } = job;
  const spec = benchedSpec(model);
  const folder = await mkdtemp(path.join(tmpdir(), 'ccw-bench-'));
  try {
    const { resolution } = spec.clip.image;
    const records = await writeBenchedPictures(folder, pictures, resolution);
    const work = {
      kind: 'evaluate',
      model: await writeModel(folder, spec),
      recordsFile: path.join(folder, 'records.jsonl'),
      attack: attackAt(resolution),
      classes,
      prompts,
      batchSize,
      embeddingsFile: null,
    } as const;
    await writeRecordsFile(work.recordsFile, records);
    const files = records.map(({ image }) => image);
    const labels = records.map(({ label }) => classes.indexOf(label ?? ''));
    const sizes = {
      ...peerSizes(spec),
      files,
      labels,
      batchSize,
      classes: classes.length,
      prompts: prompts.length,
    };
    const peer = python === null ? null : await startPytorchPeer(python, 'pytorch_evaluate.py', sizes);
    const measured = { ours: [] as number[], pytorch: [] as number[] };
    let pytorchPeakBytes: number | null = null;
    try {
      for (let turn = 0; turn < repetitions; turn++) {
        const begunMs = performance.now();
        await runEvaluateJob(work, { ...context, emit: () => {} });
        measured.ours.push(performance.now() - begunMs);
        const theirs = (await peer?.run()) ?? null;
        if (theirs !== null) {
          measured.pytorch.push(theirs.ms);
          pytorchPeakBytes = theirs.peakBytes;
        }
        context.emit({ type: 'progress', phase: 'timing evaluations', done: turn + 1, total: repetitions });
      }
    } finally {
      peer?.close();
    }
    return {
      model,
      pictures,
      batchSize,
      repetitions,
      ms: median(measured.ours),
      peakBytes: process.resourceUsage().maxRSS * 1024,
      pytorchMs: measured.pytorch.length === 0 ? null : median(measured.pytorch),
      pytorchPeakBytes,
      backend: tf.getBackend(),
      torch: peer?.torchVersion ?? null,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeModel(folder: string, spec: ModelSpec): Promise<string> {
  const model = path.join(folder, 'model');
  const weights = initialise(spec, 0);
  await writeCheckpoint(model, spec, (unfinished) =>
    saveWeights(path.join(unfinished, checkpointFiles.weights), weights),
  );
  tf.dispose([weights.parameters, weights.statistics]);
  return model;
}

function attackAt(resolution: number): Attack {
  const trigger = defaultPatch(Math.min(patchSide, resolution), resolution);
  return { trigger, resolution, target: classes[0]!, seed: 0 };
}
