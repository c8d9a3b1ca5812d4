import type { Tensor } from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';

/** Trainable tensors by the reference's names; convolutions are held as [height, width, in, out], linear layers as [out, in]. */
export type Parameters = Record<string, Tensor>;

/** Batch-norm statistics by the reference's names (`….running_mean`, `….running_var`), each [channels]. */
export type Statistics = Record<string, Tensor>;

/** What a model is made of: a shape for each tensor, in the engine's layout. */
export interface TensorShapes {
  parameters: Record<string, number[]>;
  statistics: Record<string, number[]>;
}

/** Puts the tables of several parts together; later ones win where names meet. */
export function mergeShapes(...parts: TensorShapes[]): TensorShapes {
  return {
    parameters: Object.assign({}, ...parts.map((part) => part.parameters)),
    statistics: Object.assign({}, ...parts.map((part) => part.statistics)),
  };
}

/** The tensor of a name. Throws `internal` where the model was not built for it. */
export function take(tensors: Record<string, Tensor>, name: string): Tensor {
  const tensor = tensors[name];
  if (tensor === undefined) {
    throw new WorkbenchError('internal', `The model has no tensor named ${name}.`, { name });
  }
  return tensor;
}
