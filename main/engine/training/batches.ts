import * as tf from '@tensorflow/tfjs-core';
import type { EngineRecord } from '#contract/engine.ts';
import type { TrainingConfig } from '#contract/run.ts';
import { augmentByPolicy } from '#core/augment/policy.ts';
import { augmentText } from '#core/captions/augment-text.ts';
import { augmentSmall, shiftRandomly } from '#core/pixels/augment-small.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { createRandom, type Random } from '#core/random/random.ts';
import type { TextEncoder } from '../text-encoder.ts';
import { locateStep, orderEpoch } from './epoch-order.ts';
import { cutPictures, toImageTensor } from './image-batch.ts';
import { toTokenTensor } from './text-batch.ts';

/** One batch as an objective takes it. */
export interface Batch {
  pixels: tf.Tensor4D;
  /** Tokens [n, length] or class numbers [n], int32. */
  targets: tf.Tensor;
}

export interface BatchSource {
  stepsPerEpoch: number;
  /** The batch of a step, counted from 0 over all epochs: the same whenever it is asked for. */
  prepare(step: number): Promise<Batch>;
}

export interface BatchInputs {
  config: TrainingConfig;
  records: readonly EngineRecord[];
  /** Raw pixels [indices, side, side, 3] at the model's resolution. */
  readPictures(indices: Uint32Array): Promise<Uint8Array>;
  resolution: number;
  contextLength: number;
  encode: TextEncoder;
  /** Order of the head's classes. */
  classes: readonly string[];
}

/** Seeded batches of a run; the last, smaller batch of an epoch is dropped. */
export function createBatchSource(inputs: BatchInputs): BatchSource {
  const { config, records } = inputs;
  const stepsPerEpoch = Math.floor(records.length / config.batchSize);
  const build = config.kind === 'supervised' ? buildLabelled : buildPairs;
  let order: { epoch: number; indices: Uint32Array } = { epoch: -1, indices: new Uint32Array() };
  return {
    stepsPerEpoch,
    async prepare(step) {
      const { epoch, batch } = locateStep(step, stepsPerEpoch);
      if (order.epoch !== epoch) order = { epoch, indices: orderEpoch(records.length, config.seed, epoch) };
      const indices = order.indices.slice(batch * config.batchSize, (batch + 1) * config.batchSize);
      const random = createRandom('batch', config.seed, step);
      const pictures = cutPictures(await inputs.readPictures(indices), inputs.resolution);
      const originals =
        config.imageAugmentation === 'shift'
          ? pictures.map((picture) => shiftRandomly(picture, random))
          : pictures;
      return build(inputs, indices, originals, random);
    },
  };
}

/** Pairs, followed by one augmented view of each where the method has a self-supervised term. */
function buildPairs(
  { config, records, encode, contextLength }: BatchInputs,
  indices: Uint32Array,
  originals: Picture[],
  random: Random,
): Batch {
  const captions = Array.from(indices, (index) => records[index]!.caption);
  const hasViews = config.lambda > 0;
  const augment = config.viewAugmentation === 'autoaugment' ? augmentByPolicy : augmentSmall;
  const views = hasViews ? originals.map((picture) => augment(picture, random)) : [];
  const rewordings = hasViews ? captions.map((caption) => augmentText(caption, random)) : [];
  return {
    pixels: toImageTensor([...originals, ...views]),
    targets: toTokenTensor([...captions, ...rewordings].map(encode), contextLength),
  };
}

function buildLabelled({ records, classes }: BatchInputs, indices: Uint32Array, originals: Picture[]): Batch {
  const numbers = new Map(classes.map((name, number) => [name, number]));
  const labels = Int32Array.from(indices, (index) => numbers.get(records[index]!.label ?? '') ?? -1);
  return { pixels: toImageTensor(originals), targets: tf.tensor1d(labels, 'int32') };
}
