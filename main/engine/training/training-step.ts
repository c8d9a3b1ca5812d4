import * as tf from '@tensorflow/tfjs-core';
import { differentiate } from '../clip/differentiate.ts';
import type { CompiledStep, Step } from '../compiled-step.ts';
import type { InputShape } from '../input-check.ts';
import { type Batch, type BatchName, batchNames } from '../methods/building-blocks/batch-recipe.ts';
import type { Objective, Tensors } from '../methods/training-method.ts';
import type { StepState } from '../variables.ts';
import { limitNorm } from './optimisers/limit-norm.ts';
import { type TrainingState, variableOf } from './training-state.ts';

/** logit_scale stays in [0, ln 100] (Radford et al. 2021, 2.5). */
const largestLogitScale = 4.6052;

/** What a step uses besides its inputs and the run's state. */
export interface StepOptions {
  /** The names of the batch's tensors. */
  batch: readonly string[];
  /** The method's constants. */
  constants?: Tensors;
}

/** The names of a batch's tensors, in the order in which a step takes them. */
export function namesIn(batch: Partial<Record<BatchName, unknown>>): BatchName[] {
  return batchNames.filter((name) => batch[name] !== undefined);
}

/**
 * One optimiser step: [...batch, ...the optimiser's factors] to [loss]. It reads the run's state and changes it:
 * trained parameters and their moments, batch-norm statistics, the method's memory. Only what is trained costs a
 * backward pass.
 */
export function createStep(objective: Objective, state: TrainingState, options: StepOptions): Step {
  return (inputs, variables) => {
    const batch = Object.fromEntries(options.batch.map((name, at) => [name, inputs[at]!]));
    const factors = inputs.slice(options.batch.length) as tf.Scalar[];
    const open = (part: Parameters<typeof state.open>[1]) => state.open(variables, part);
    const before = { statistics: open('statistics'), memory: open('memory') };
    const frozen = open('frozen');
    const { loss, extra, gradients } = differentiate(open('parameters'), (given) => {
      const {
        loss,
        statistics,
        memory = {},
      } = objective({
        ...before,
        parameters: { ...frozen, ...given },
        batch,
        constants: options.constants ?? {},
      });
      const changed = {
        ...changesIn('statistics', before.statistics, statistics),
        ...changesIn('memory', before.memory, memory),
      };
      return { loss, extra: changed };
    });
    applyGradients(state, variables, gradients, factors);
    for (const [variable, value] of Object.entries(extra)) variables.assign(variable, value);
    return [loss];
  };
}

/** The optimiser's part of a step: what trained parameters and their moments are after it. */
export function applyGradients(
  state: TrainingState,
  variables: StepState,
  gradients: Tensors,
  factors: tf.Scalar[],
): void {
  const { optimiser } = state;
  const limited = limitNorm(gradients, optimiser.largestGradientNorm);
  for (const [name, gradient] of Object.entries(limited)) {
    optimiser.update(variables, state.optimised(name), gradient, factors);
  }
  if ('logit_scale' in limited) {
    const clamp = (value: tf.Tensor) => tf.clipByValue(value, 0, largestLogitScale);
    variables.update(variableOf('parameters', 'logit_scale'), clamp);
  }
}

/** By variable, those tensors of a part that are not what they were. */
export function changesIn(part: string, before: Tensors, after: Tensors): Tensors {
  const changed = Object.entries(after).filter(([name, tensor]) => before[name] !== tensor);
  return Object.fromEntries(changed.map(([name, tensor]) => [variableOf(part, name), tensor]));
}

/** What {@link runStep} hands to a step for batches of these shapes. */
export function describeInputs(
  { optimiser }: Pick<TrainingState, 'optimiser'>,
  batch: Partial<Record<BatchName, InputShape>>,
): InputShape[] {
  const factors = optimiser.factors({ learningRate: 0, weightDecay: 0, step: 1 });
  return [
    ...namesIn(batch).flatMap((name) => batch[name] ?? []),
    ...factors.map((): InputShape => ({ shape: [], dtype: 'float32' })),
  ];
}

export interface StepSettings {
  /** Counted from 0. */
  step: number;
  learningRate: number;
  weightDecay: number;
}

/** Runs one compiled {@link createStep} and gives its loss, unread: it is the caller's. The batch stays the caller's. */
export async function startStep(
  compiled: CompiledStep,
  { optimiser }: Pick<TrainingState, 'optimiser'>,
  batch: Batch,
  { step, learningRate, weightDecay }: StepSettings,
): Promise<tf.Tensor> {
  const factors = optimiser.factors({ learningRate, weightDecay, step: step + 1 });
  const scalars = factors.map((value) => tf.scalar(value));
  try {
    const [loss] = await compiled.run([...tensorsOf(batch), ...scalars]);
    return loss!;
  } finally {
    tf.dispose(scalars);
  }
}

/** {@link startStep}, and the value of its loss. */
export async function runStep(...given: Parameters<typeof startStep>): Promise<number> {
  const loss = await startStep(...given);
  const [value] = await loss.data();
  loss.dispose();
  return value ?? Number.NaN;
}

function tensorsOf(batch: Batch): tf.Tensor[] {
  return batchNames.flatMap((name) => batch[name] ?? []);
}
