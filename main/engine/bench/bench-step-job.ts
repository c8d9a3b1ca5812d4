import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import type { BenchedMethod, BenchStepJob, BenchStepResult } from '#contract/engine.ts';
import { createRandom } from '#core/random/random.ts';
import { initialise } from '../clip/initialise.ts';
import { collectGarbage } from '../collect-garbage.ts';
import type { JobContext } from '../job.ts';
import { createMmclObjective, inParts } from '../methods/building-blocks/pairs-phase.ts';
import { createCleanclipObjective } from '../methods/cleanclip.ts';
import { compilePhase } from '../training/compile-phase.ts';
import { toPixelTensor } from '../training/feeding/image-batch.ts';
import { referenceAdamw } from '../training/optimisers/adamw.ts';
import { TrainingState } from '../training/training-state.ts';
import { namesIn, runStep } from '../training/training-step.ts';
import { benchedSpec, median, peerSizes } from './benched-model.ts';
import { type PytorchLayout, type PytorchPeer, startPytorchPeer } from './pytorch-peer.ts';

const warmups = 1;
const layouts = ['default', 'channels_last'] as const;

/**
 * One training step of one method on random pictures and texts that fill the context: as a graph here, and in PyTorch
 * in a process of its own, in turn, so that whatever else the machine does falls on both alike.
 */
export async function runBenchStepJob(job: BenchStepJob, context: JobContext): Promise<BenchStepResult> {
  const ours = await openStep(job);
  const measured: Record<'graph' | PytorchLayout, number[]> = { graph: [], default: [], channels_last: [] };
  let torch: string | null = null;
  let pytorchPeakBytes: number | null = null;
  try {
    const firstMs = await ours.time();
    // As a training does once its graphs are traced.
    collectGarbage();
    const total = layouts.length * job.repetitions;
    for (const [place, layout] of layouts.entries()) {
      const peer = job.python === null ? null : await startPeer(job, job.python, layout);
      torch = peer?.torchVersion ?? null;
      try {
        for (let turn = -warmups; turn < job.repetitions; turn++) {
          const graphMs = await ours.time();
          const peerMs = (await peer?.run()) ?? null;
          if (turn < 0) continue;
          measured.graph.push(graphMs);
          if (peerMs !== null) measured[layout].push(peerMs.ms);
          if (peerMs !== null && layout === 'default') pytorchPeakBytes = peerMs.peakBytes;
          const done = place * job.repetitions + turn + 1;
          context.emit({ type: 'progress', phase: `timing ${job.method}`, done, total });
        }
      } finally {
        peer?.close();
      }
      if (job.python === null) break;
    }
    const middle = (values: number[]) => (values.length === 0 ? null : median(values));
    return {
      timings: {
        graphMs: median(measured.graph),
        firstMs,
        peakBytes: process.resourceUsage().maxRSS * 1024,
        pytorchMs: middle(measured.default),
        pytorchChannelsLastMs: middle(measured.channels_last),
        pytorchPeakBytes,
      },
      backend: tf.getBackend(),
      torch,
    };
  } finally {
    ours.dispose();
  }
}

/** Our side: a run's state and step as training has them. */
async function openStep(job: BenchStepJob): Promise<{ time(): Promise<number>; dispose(): void }> {
  const spec = benchedSpec(job.model);
  const objectives = {
    mmcl: () => createMmclObjective(spec),
    cleanclip: () => createCleanclipObjective(spec, 1),
  } satisfies Record<BenchedMethod, unknown>;
  const state = new TrainingState(
    { ...initialise(spec, 0), frozen: {}, memory: {}, moments: null },
    referenceAdamw,
  );
  collectGarbage();
  const { image, text } = spec.clip;
  const rows = job.method === 'cleanclip' ? 2 * job.batchSize : job.batchSize;
  const batch = makeBatch(rows, image.resolution, text.contextLength, text.vocabularySize);
  const phase = inParts(objectives[job.method](), {
    batchSize: job.batchSize,
    partSize: job.partSize ?? 0,
  });
  const compiled = compilePhase(phase, state, {
    name: `bench ${job.method}`,
    batch: namesIn(batch),
    embedDim: spec.clip.embedDim,
    precision: job.precision,
  });
  let taken = 0;
  return {
    async time() {
      const startMs = performance.now();
      await runStep(compiled, state, batch, { step: taken++, learningRate: 1e-5, weightDecay: 0.1 });
      return performance.now() - startMs;
    },
    dispose() {
      compiled.dispose();
      state.dispose();
      tf.dispose([batch.pixels, batch.tokens]);
    },
  };
}

function startPeer(job: BenchStepJob, python: string, layout: PytorchLayout): Promise<PytorchPeer> {
  const { method, batchSize } = job;
  const sizes = { ...peerSizes(benchedSpec(job.model)), method, layout, batchSize };
  return startPytorchPeer(python, 'pytorch_step.py', sizes);
}

/** Seeded bytes [rows, side, side, 3], as training hands them over, and tokens [rows, length] that end with the largest id. */
function makeBatch(rows: number, side: number, length: number, vocabulary: number) {
  const random = createRandom('bench');
  const pixels = Uint8Array.from({ length: rows * side * side * 3 }, () => random.integer(256));
  const tokens = Int32Array.from({ length: rows * length }, (_, at) =>
    at % length === length - 1 ? vocabulary - 1 : random.integer(vocabulary - 1),
  );
  return {
    pixels: toPixelTensor(pixels, side),
    tokens: tf.tensor2d(tokens, [rows, length], 'int32'),
  };
}
