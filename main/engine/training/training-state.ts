import type * as tf from '@tensorflow/tfjs-core';
import type { Parameters, Statistics } from '../clip/parameters.ts';
import type { Moments } from './adamw.ts';

/** All tensors that a step changes, by name. */
export interface TrainingState extends Moments {
  parameters: Parameters;
  statistics: Statistics;
  /** The method's own: see methods/training-method.ts. */
  memory: Record<string, tf.Tensor>;
}

const parts = ['parameters', 'firstMoments', 'secondMoments', 'statistics', 'memory'] as const;

/** The state as a list, in an order that depends on its names alone: what a compiled step takes and gives. */
export function flattenState(state: TrainingState): tf.Tensor[] {
  return parts.flatMap((part) => sortedNames(state[part]).map((name) => state[part][name]!));
}

/** Gives a list from {@link flattenState} the names of `like`. */
export function unflattenState(tensors: readonly tf.Tensor[], like: TrainingState): TrainingState {
  let next = 0;
  const take = (part: (typeof parts)[number]) =>
    Object.fromEntries(sortedNames(like[part]).map((name) => [name, tensors[next++]!]));
  const parameters = take('parameters');
  const firstMoments = take('firstMoments');
  const secondMoments = take('secondMoments');
  const statistics = take('statistics');
  return { parameters, firstMoments, secondMoments, statistics, memory: take('memory') };
}

export function disposeState(state: TrainingState): void {
  for (const tensor of flattenState(state)) tensor.dispose();
}

function sortedNames(tensors: Record<string, tf.Tensor>): string[] {
  return Object.keys(tensors).sort();
}
