import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '#contract/devices/backend.ts';
import { useBackend } from '#main/engine/backend.ts';
import { compileStep } from '#main/engine/compiled-step.ts';
import type { Objective } from '#main/engine/methods/training-method.ts';
import type { Optimiser } from '#main/engine/training/optimisers/optimiser.ts';
import { TrainingState } from '#main/engine/training/training-state.ts';
import { createStep, runStep } from '#main/engine/training/training-step.ts';

export interface Stepped {
  optimiser: Optimiser;
  learningRate: number;
  weightDecay: number;
}

/**
 * Steps of vectors, each step with its own gradients, one after another in the order of the names: the loss is the sum
 * of values times gradients. @returns the values afterwards
 */
export async function takeSteps(
  backend: BackendName,
  start: Record<string, number[]>,
  gradients: number[][],
  { optimiser, learningRate, weightDecay }: Stepped,
): Promise<Record<string, number[]>> {
  await useBackend(backend);
  const names = Object.keys(start);
  const parameters = Object.fromEntries(
    names.map((name) => [
      name,
      name === 'logit_scale' ? tf.scalar(start[name]![0]!) : tf.tensor1d(start[name]!),
    ]),
  );
  const state = new TrainingState(
    { parameters, frozen: {}, statistics: {}, memory: {}, moments: null },
    optimiser,
  );
  const objective: Objective = ({ parameters: given, batch }) => {
    const joined = tf.concat(names.map((name) => tf.reshape(given[name]!, [-1])));
    return { loss: tf.sum(tf.mul(joined, batch.pixels!)), statistics: {} };
  };
  const step = createStep(objective, state, { batch: ['pixels'] });
  const compiled = compileStep(step, { name: 'steps', variables: state.variables });
  for (const [at, gradient] of gradients.entries()) {
    const pixels = tf.tensor1d(gradient);
    await runStep(compiled, state, { pixels }, { step: at, learningRate, weightDecay });
    pixels.dispose();
  }
  const after = state.read('parameters');
  const values = Object.fromEntries(names.map((name) => [name, [...after[name]!.dataSync()]]));
  tf.dispose(after);
  compiled.dispose();
  state.dispose();
  return values;
}
