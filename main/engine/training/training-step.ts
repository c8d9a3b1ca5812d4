import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import { classify, encodeImage, encodeText } from '../clip/clip.ts';
import { differentiate } from '../clip/differentiate.ts';
import { crossEntropy } from '../clip/ops/cross-entropy.ts';
import type { Parameters, Statistics } from '../clip/parameters.ts';
import { take } from '../clip/parameters.ts';
import type { CompiledStep, Step } from '../compiled-step.ts';
import { findStepFactors, type StepFactorTensors, updateByAdamW } from './adamw.ts';
import { cleanclipLoss, mmclLoss } from './losses.ts';
import { flattenState, type TrainingState, unflattenState } from './training-state.ts';

/**
 * What a method minimises on one batch. Its two inputs are pixels [n, side, side, 3] and, for pairs, tokens [n, length]
 * int32, or, for a head, class numbers [n] int32.
 */
export type Objective = (
  parameters: Parameters,
  statistics: Statistics,
  pixels: tf.Tensor4D,
  targets: tf.Tensor,
) => { loss: tf.Scalar; statistics: Statistics };

/** MMCL on pairs (CleanCLIP, equation 1). */
export function createMmclObjective({ clip }: ModelSpec): Objective {
  return (parameters, before, pixels, tokens) => {
    const { embeddings: image, statistics } = encodeImage(clip, parameters, before, pixels, {
      training: true,
    });
    const text = encodeText(clip, parameters, tokens as tf.Tensor2D);
    return { loss: mmclLoss({ image, text }, take(parameters, 'logit_scale') as tf.Scalar), statistics };
  };
}

/**
 * CleanCLIP's loss (equation 3). Rows come as all originals, then all augmented views in the same order; both go
 * through the towers, and so through batch norm, as one batch, as in the reference implementation.
 */
export function createCleanclipObjective({ clip }: ModelSpec, lambda: number): Objective {
  return (parameters, before, pixels, tokens) => {
    const { embeddings, statistics } = encodeImage(clip, parameters, before, pixels, { training: true });
    const [image, augmentedImage] = halve(embeddings);
    const [text, augmentedText] = halve(encodeText(clip, parameters, tokens as tf.Tensor2D));
    const scale = take(parameters, 'logit_scale') as tf.Scalar;
    const augmented = { image: augmentedImage, text: augmentedText };
    return { loss: cleanclipLoss({ image, text }, augmented, scale, lambda), statistics };
  };
}

/** Cross-entropy of a linear head on the image tower (CleanCLIP, section 4.2: supervised finetuning). */
export function createSupervisedObjective({ clip }: ModelSpec): Objective {
  return (parameters, before, pixels, classes) => {
    const { embeddings, statistics } = encodeImage(clip, parameters, before, pixels, { training: true });
    return { loss: crossEntropy(classify(parameters, embeddings), classes as tf.Tensor1D), statistics };
  };
}

function halve(x: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  return tf.split(x, 2, 0) as [tf.Tensor2D, tf.Tensor2D];
}

/**
 * One optimiser step as a pure function of lists: [pixels, targets, the three step factors, ...state] to
 * [loss, ...new state].
 * @param like a state of the names and shapes to come
 */
export function createStep(objective: Objective, like: TrainingState): Step {
  return ([pixels, targets, decay, stepSize, varianceCorrection, ...rest]) => {
    const { parameters, statistics, ...moments } = unflattenState(rest, like);
    const { loss, extra, gradients } = differentiate(parameters, (given) => {
      const result = objective(given, statistics, pixels as tf.Tensor4D, targets!);
      return { loss: result.loss, extra: result.statistics };
    });
    const factors = { decay, stepSize, varianceCorrection } as StepFactorTensors;
    const updated = updateByAdamW(parameters, gradients, moments, factors);
    return [loss, ...flattenState({ parameters: updated.parameters, ...updated.moments, statistics: extra })];
  };
}

export interface StepSettings {
  /** Counted from 0. */
  step: number;
  learningRate: number;
  weightDecay: number;
}

/**
 * Runs one compiled {@link createStep}. Takes the state that it is given and disposes it; the new one is the caller's,
 * and so stays the batch.
 */
export async function runStep(
  compiled: CompiledStep,
  state: TrainingState,
  { pixels, targets }: { pixels: tf.Tensor4D; targets: tf.Tensor },
  { step, learningRate, weightDecay }: StepSettings,
): Promise<{ state: TrainingState; loss: number }> {
  const { decay, stepSize, varianceCorrection } = findStepFactors(learningRate, weightDecay, step + 1);
  const scalars = [decay, stepSize, varianceCorrection].map((value) => tf.scalar(value));
  const before = flattenState(state);
  const [loss, ...after] = await compiled.run([pixels, targets, ...scalars, ...before]);
  const value = (await loss!.data())[0]!;
  tf.dispose([...scalars, ...before, loss!]);
  return { state: unflattenState(after, state), loss: value };
}
