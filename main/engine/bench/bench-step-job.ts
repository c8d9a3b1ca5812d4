import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import type { BenchStepJob, BenchStepReport, StepTimings } from '#contract/engine.ts';
import { createRandom } from '#core/random/random.ts';
import { specify } from '../clip/architectures.ts';
import { initialise } from '../clip/initialise.ts';
import { withPlainOps } from '../clip/ops/tensorflow-op.ts';
import { type CompiledStep, compileStep, runEagerly } from '../compiled-step.ts';
import type { JobContext } from '../job.ts';
import type { Batch } from '../methods/batch-recipe.ts';
import { createCleanclipObjective } from '../methods/cleanclip.ts';
import { createMmclObjective } from '../methods/pairs-phase.ts';
import type { Objective } from '../methods/training-method.ts';
import { createMoments } from '../training/adamw.ts';
import { disposeState, type TrainingState } from '../training/training-state.ts';
import { createStep, namesIn, runStep } from '../training/training-step.ts';
import { type PytorchPeer, startPytorchPeer } from './pytorch-peer.ts';

/** Tokens in the demo's vocabulary, in round figures. */
const vocabularySize = 2048;
const warmups = 3;
const losses = ['mmcl', 'cleanclip'] as const;
type Loss = (typeof losses)[number];

/**
 * One training step of the demo's model: as a recorded graph, eagerly (TensorFlow.js's own ops and gradients; and with
 * the fused ops that the graph records) and in PyTorch, in turn, so that whatever else the machine does falls on all
 * alike. Medians in milliseconds.
 */
export async function runBenchStepJob(job: BenchStepJob, context: JobContext): Promise<BenchStepReport> {
  const spec = specify(
    'demo',
    Array.from({ length: vocabularySize }, (_, id) => id),
  );
  const { image, text, embedDim } = spec.clip;
  const sizes = {
    batchSize: job.batchSize,
    resolution: image.resolution,
    imageWidth: image.width,
    embedDim,
    vocabulary: vocabularySize,
    textLength: text.contextLength,
    textWidth: text.width,
    textHeads: text.heads,
    textLayers: text.layers,
  };
  const peer = job.python === null ? null : await startPytorchPeer(job.python, sizes);
  try {
    const objectives: Record<Loss, Objective> = {
      mmcl: createMmclObjective(spec),
      cleanclip: createCleanclipObjective(spec, 1),
    };
    const timings = {} as Record<Loss, StepTimings>;
    for (const [place, loss] of losses.entries()) {
      const rows = loss === 'mmcl' ? job.batchSize : 2 * job.batchSize;
      const batch = makeBatch(rows, image.resolution, text.contextLength);
      const report = (done: number) =>
        context.emit({
          type: 'progress',
          phase: `timing ${loss}`,
          done: place * job.repetitions + done,
          total: losses.length * job.repetitions,
        });
      const weights = initialise(spec, 0);
      const state: TrainingState = {
        ...weights,
        memory: {},
        ...createMoments(weights.parameters),
      };
      timings[loss] = await timeSteps(objectives[loss], state, batch, job.repetitions, peer, loss, report);
      tf.dispose(Object.values(batch));
    }
    return {
      ...timings,
      repetitions: job.repetitions,
      batchSize: job.batchSize,
      backend: tf.getBackend(),
      torch: peer?.torchVersion ?? null,
    };
  } finally {
    peer?.close();
  }
}

async function timeSteps(
  objective: Objective,
  start: TrainingState,
  batch: Batch,
  repetitions: number,
  peer: PytorchPeer | null,
  loss: Loss,
  report: (done: number) => void,
): Promise<StepTimings> {
  const step = createStep(objective, start, { batch: namesIn(batch) });
  const graph = compileStep(step, { name: `bench ${loss}` });
  const eager = runEagerly((inputs, state) => withPlainOps(() => step(inputs, state)), {
    name: `bench ${loss}`,
  });
  const eagerFused = runEagerly(step, { name: `bench ${loss}` });
  let state = start;
  const time = async (compiled: CompiledStep) => {
    const startMs = performance.now();
    ({ state } = await runStep(compiled, state, batch, { step: 0, learningRate: 1e-4, weightDecay: 0.1 }));
    return performance.now() - startMs;
  };
  const measured: Record<'graph' | 'eager' | 'eagerFused' | 'pytorch', number[]> = {
    graph: [],
    eager: [],
    eagerFused: [],
    pytorch: [],
  };
  for (let turn = -warmups; turn < repetitions; turn++) {
    const turnMs = {
      graph: await time(graph),
      eager: await time(eager),
      eagerFused: await time(eagerFused),
      pytorch: peer ? await peer.runStep(loss) : Number.NaN,
    };
    if (turn < 0) continue;
    measured.graph.push(turnMs.graph);
    measured.eager.push(turnMs.eager);
    measured.eagerFused.push(turnMs.eagerFused);
    measured.pytorch.push(turnMs.pytorch);
    report(turn + 1);
  }
  graph.dispose();
  disposeState(state);
  return {
    graphMs: median(measured.graph),
    eagerMs: median(measured.eager),
    eagerFusedMs: median(measured.eagerFused),
    pytorchMs: peer ? median(measured.pytorch) : null,
  };
}

/** Seeded pixels [rows, side, side, 3] and tokens [rows, length] that end with the largest id. */
function makeBatch(rows: number, side: number, length: number): Batch {
  const random = createRandom('bench');
  const pixels = Float32Array.from({ length: rows * side * side * 3 }, () => random.uniform(-2, 2));
  const tokens = Int32Array.from({ length: rows * length }, (_, at) =>
    at % length === length - 1 ? vocabularySize - 1 : random.integer(vocabularySize - 1),
  );
  return {
    pixels: tf.tensor4d(pixels, [rows, side, side, 3]),
    tokens: tf.tensor2d(tokens, [rows, length], 'int32'),
  };
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
