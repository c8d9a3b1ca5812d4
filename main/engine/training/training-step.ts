import * as tf from '@tensorflow/tfjs-core';
import { differentiate } from '../clip/differentiate.ts';
import type { Parameters } from '../clip/parameters.ts';
import type { CompiledStep, Step } from '../compiled-step.ts';
import { type Batch, batchNames } from '../methods/batch-recipe.ts';
import type { Objective, Tensors } from '../methods/training-method.ts';
import {
  type AdamwOptions,
  findStepFactors,
  referenceAdamw,
  type StepFactorTensors,
  updateByAdamW,
} from './adamw.ts';
import { flattenState, type TrainingState, unflattenState } from './training-state.ts';

/** What a step uses besides its inputs. */
export interface StepOptions {
  /** The names of the batch's tensors. */
  batch: readonly string[];
  optimiser?: AdamwOptions;
  /** Parameters that are not trained, and the method's constants. */
  frozen?: Parameters;
  constants?: Tensors;
}

/** The names of a batch's tensors, in the order in which a step takes them. */
export function namesIn(batch: Batch): string[] {
  return batchNames.filter((name) => batch[name] !== undefined);
}

/**
 * One optimiser step as a pure function of lists: [...batch, the three step factors, ...state] to [loss, ...new state].
 * @param like a state of the names and shapes to come
 */
export function createStep(objective: Objective, like: TrainingState, options: StepOptions): Step {
  const { frozen = {}, constants = {}, optimiser = referenceAdamw } = options;
  return (inputs) => {
    const batch = Object.fromEntries(options.batch.map((name, at) => [name, inputs[at]!]));
    const [decay, stepSize, varianceCorrection, ...rest] = inputs.slice(options.batch.length);
    const { parameters, statistics, memory, ...moments } = unflattenState(rest, like);
    const { loss, extra, gradients } = differentiate(parameters, (given) => {
      const all = { ...frozen, ...given };
      const result = objective({ parameters: all, statistics, batch, memory, constants });
      return { loss: result.loss, extra: joinExtra(result.statistics, { ...memory, ...result.memory }) };
    });
    const factors = { decay, stepSize, varianceCorrection } as StepFactorTensors;
    const updated = updateByAdamW(parameters, gradients, moments, factors, optimiser);
    return [
      loss,
      ...flattenState({ parameters: updated.parameters, ...updated.moments, ...splitExtra(extra) }),
    ];
  };
}

const memoryPrefix = 'memory:';

function joinExtra(statistics: Tensors, memory: Tensors): Tensors {
  const prefixed = Object.entries(memory).map(([name, tensor]) => [memoryPrefix + name, tensor]);
  return { ...statistics, ...Object.fromEntries(prefixed) };
}

function splitExtra(extra: Tensors): { statistics: Tensors; memory: Tensors } {
  const entries = Object.entries(extra);
  const isMemory = ([name]: [string, tf.Tensor]) => name.startsWith(memoryPrefix);
  return {
    statistics: Object.fromEntries(entries.filter((entry) => !isMemory(entry))),
    memory: Object.fromEntries(
      entries.filter(isMemory).map(([name, tensor]) => [name.slice(memoryPrefix.length), tensor]),
    ),
  };
}

export interface StepSettings {
  /** Counted from 0. */
  step: number;
  learningRate: number;
  weightDecay: number;
  optimiser?: AdamwOptions;
}

/**
 * Runs one compiled {@link createStep}. Takes the state that it is given and disposes it; the new one is the caller's,
 * and so stays the batch.
 */
export async function runStep(
  compiled: CompiledStep,
  state: TrainingState,
  batch: Batch,
  { step, learningRate, weightDecay, optimiser = referenceAdamw }: StepSettings,
): Promise<{ state: TrainingState; loss: number }> {
  const { decay, stepSize, varianceCorrection } = findStepFactors(
    learningRate,
    weightDecay,
    step + 1,
    optimiser,
  );
  const scalars = [decay, stepSize, varianceCorrection].map((value) => tf.scalar(value));
  const before = flattenState(state);
  const [loss, ...after] = await compiled.run([...tensorsOf(batch), ...scalars, ...before]);
  const value = (await loss!.data())[0]!;
  tf.dispose([...scalars, ...before, loss!]);
  return { state: unflattenState(after, state), loss: value };
}

function tensorsOf(batch: Batch): tf.Tensor[] {
  return batchNames.flatMap((name) => batch[name] ?? []);
}
