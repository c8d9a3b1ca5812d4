import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { ParityCheck } from '#contract/engine.ts';
import { toFileOrder } from '../checkpoints/tensor-layout.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { encodeImage, encodeText } from '../clip/clip.ts';
import { differentiate } from '../clip/differentiate.ts';
import { normalise } from '../clip/ops/normalise.ts';
import { type Parameters, take } from '../clip/parameters.ts';
import { compileStep } from '../compiled-step.ts';
import { createCleanclipObjective } from '../methods/cleanclip.ts';
import { joinObjective } from '../methods/training-method.ts';
import { referenceAdamw } from '../training/optimisers/adamw.ts';
import type { Weights } from '../training/prepare-start.ts';
import { TrainingState } from '../training/training-state.ts';
import { createStep, namesIn, runStep } from '../training/training-step.ts';
import {
  differenceWithin,
  judge,
  largestDifference,
  relativeDifference,
  relativeDifferences,
} from './compare.ts';
import { type FixtureTensors, openFixture, parseFixture } from './fixture.ts';
import type { ParityPart } from './part.ts';
import { type TowerFigures, toClipConfig, towerFiguresSchema } from './tower-figures.ts';

const embeddingTolerance = 1e-4;
/** Of all gradients' values together, {@link gradientShare} keep the first, and each one keeps the second. */
const gradientTolerance = 1e-3;
const largestGradientTolerance = 3e-2;
const gradientShare = 0.995;
const lossTolerance = 1e-3;
const weightTolerance = 2e-4;
/** Part of each tensor's weights that keeps {@link weightTolerance}. */
const weightShare = 0.99;
/** Weight of the self-supervised term in the figures. */
const lambda = 1;

/** What one tower's figures are compared with. */
interface Subject {
  spec: ModelSpec;
  figures: TowerFigures;
  io: FixtureTensors;
  /** [16, h, w, 3]: eight originals, then their augmented views. */
  pixels: tf.Tensor4D;
  /** [16, length]. */
  tokens: tf.Tensor2D;
  weights: Weights;
}

/** A folder of one tiny CLIP's figures: embeddings, gradients, and three AdamW steps of the CleanCLIP loss. */
export function createTowerPart(name: string): ParityPart {
  return { name, files: [name], check: (folder) => checkTower(path.join(folder, name), name) };
}

async function checkTower(folder: string, name: string): Promise<ParityCheck[]> {
  const subject = await loadSubject(folder);
  const { spec, figures, pixels, tokens, weights } = subject;
  try {
    const gradients = compareGradients(subject);
    const checks = [
      judge(`${name}/eval-embeddings`, compareEmbeddings(subject, false), embeddingTolerance),
      judge(`${name}/train-embeddings`, compareEmbeddings(subject, true), embeddingTolerance),
      judge(`${name}/gradients`, gradients, gradientTolerance),
    ];
    const { losses, tensors } = await runSteps(subject);
    const lossErrors = figures.losses.map((loss, at) =>
      relativeDifference([losses[at] ?? Number.NaN], [loss]),
    );
    const after = loadWeights(path.join(folder, 'after-3-steps.safetensors'), spec);
    const gaps = compareWeights(tensors, { ...after.parameters, ...after.statistics }, figures);
    // AdamW moves a weight by about the learning rate: two runs drift apart by no more than twice their sum.
    const furthest = 2 * figures.learning_rates.reduce((sum, rate) => sum + rate, 0);
    tf.dispose([tensors, after.parameters, after.statistics]);
    return [
      ...checks,
      judge(`${name}/losses`, Math.max(...lossErrors), lossTolerance),
      judge(`${name}/after-3-steps`, gaps.usual, weightTolerance),
      judge(`${name}/after-3-steps-largest`, gaps.largest, furthest),
    ];
  } finally {
    tf.dispose([weights.parameters, weights.statistics, pixels, tokens]);
  }
}

async function loadSubject(folder: string): Promise<Subject> {
  const figures = await parseFixture(path.join(folder, 'expected.json'), towerFiguresSchema);
  const spec = { architecture: folder, clip: toClipConfig(figures), vocabulary: null, headClasses: null };
  const io = openFixture(path.join(folder, 'io.safetensors'));
  const { parameters, statistics } = loadWeights(path.join(folder, 'model.safetensors'), spec);
  const pixels = io.floats('pixels');
  const tokens = io.integers('token_ids');
  return {
    spec,
    figures,
    io,
    pixels: tf.tidy(() =>
      tf.transpose(tf.tensor<tf.Rank.R4>(pixels.data, pixels.shape as Shape4), [0, 2, 3, 1]),
    ),
    tokens: tf.tensor2d(tokens.data, tokens.shape as [number, number], 'int32'),
    weights: { parameters, statistics },
  };
}

type Shape4 = [number, number, number, number];

/** The largest difference of the L2-normalised embeddings, both towers. */
function compareEmbeddings({ spec, io, pixels, tokens, weights }: Subject, training: boolean): number {
  const mode = training ? 'train' : 'eval';
  const { parameters, statistics } = weights;
  return tf.tidy(() => {
    const image = encodeImage(spec.clip, parameters, statistics, pixels, { training }).embeddings;
    const text = encodeText(spec.clip, parameters, tokens);
    return Math.max(
      largestDifference(normalise(image).dataSync(), io.floats(`${mode}.image_embeds`).data),
      largestDifference(normalise(text).dataSync(), io.floats(`${mode}.text_embeds`).data),
    );
  });
}

/**
 * Differences of all gradients' values, each as a part of its tensor's largest value: the bound that most of them keep,
 * or the largest in the scale of its own, wider tolerance, whichever is worse. (Rounding may flip the gate of a ReLU
 * whose input stands next to zero, which moves a few values far.)
 */
function compareGradients({ spec, figures, io, pixels, tokens, weights }: Subject): number {
  const objective = joinObjective(createCleanclipObjective(spec, lambda));
  return tf.tidy(() => {
    const { gradients } = differentiate(weights.parameters, (parameters) => {
      const { loss } = objective({
        parameters,
        statistics: weights.statistics,
        batch: { pixels, tokens },
        memory: {},
        constants: {},
      });
      return { loss, extra: {} };
    });
    const errors = Object.entries(gradients).flatMap(([name, gradient]) => {
      const { data } = io.floats(`grad.${name}`);
      const found = toFileOrder(gradient.dataSync() as Float32Array, gradient.shape);
      const noise = figures.noise_only[name];
      return Array.from(
        relativeDifferences(dropRows(found, gradient.shape, noise), dropRows(data, gradient.shape, noise)),
      );
    });
    const nothing = new Float64Array(errors.length);
    return Math.max(
      differenceWithin(errors, nothing, gradientShare),
      largestDifference(errors, nothing) * (gradientTolerance / largestGradientTolerance),
    );
  });
}

/** The same batch at each step, through the step that training uses. Gives weights and statistics afterwards. */
async function runSteps({ spec, figures, pixels, tokens, weights }: Subject): Promise<{
  losses: number[];
  tensors: Parameters;
}> {
  const batch = { pixels, tokens };
  const start = { parameters: cloneAll(weights.parameters), statistics: cloneAll(weights.statistics) };
  const state = new TrainingState({ ...start, frozen: {}, memory: {}, moments: null }, referenceAdamw);
  const step = createStep(joinObjective(createCleanclipObjective(spec, lambda)), state, {
    batch: namesIn(batch),
  });
  const compiled = compileStep(step, { name: 'parity', variables: state.variables });
  const weightDecay = figures.optimiser.weight_decay;
  const losses: number[] = [];
  try {
    for (const [at, learningRate] of figures.learning_rates.entries()) {
      const settings = { step: at, learningRate, weightDecay };
      losses.push(await runStep(compiled, state, batch, settings));
    }
    return { losses, tensors: { ...state.read('parameters'), ...state.read('statistics') } };
  } finally {
    compiled.dispose();
    state.dispose();
  }
}

function cloneAll(tensors: Parameters): Parameters {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.clone(tensor)]));
}

/** The bound that most values of each tensor keep, and the largest difference of all. */
function compareWeights(
  found: Parameters,
  expected: Parameters,
  figures: TowerFigures,
): { usual: number; largest: number } {
  const gaps = Object.entries(expected).map(([name, tensor]) => {
    const read = (from: tf.Tensor) =>
      dropRows(from.dataSync() as Float32Array, tensor.shape, figures.noise_only[name]);
    const [a, b] = [read(take(found, name)), read(tensor)];
    return { usual: differenceWithin(a, b, weightShare), largest: largestDifference(a, b) };
  });
  return {
    usual: Math.max(...gaps.map(({ usual }) => usual)),
    largest: Math.max(...gaps.map(({ largest }) => largest)),
  };
}

/** Values of a tensor without its rows from (inclusive) to (exclusive). */
function dropRows(values: Float32Array, shape: number[], rows: [number, number] | undefined): Float32Array {
  if (rows === undefined) return values;
  const [from, to] = rows;
  const width = values.length / (shape[0] ?? 1);
  return values.filter((_, at) => at < from * width || at >= to * width);
}
