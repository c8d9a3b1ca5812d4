import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';
import { describeModel } from '../clip/clip.ts';
import type { Parameters, Statistics } from '../clip/parameters.ts';
import { checkpointFiles, writeCheckpoint } from './checkpoint-folder.ts';
import { areFinite } from './float-values.ts';
import { writeMoments } from './moments-file.ts';
import type { RecognisedModel } from './recognise/recognise-model.ts';
import { writeSafetensors } from './safetensors.ts';
import type { TensorData, WritableTensor } from './tensor-dtypes.ts';
import { toEngineOrder } from './tensor-layout.ts';

/**
 * Writes a recognised model as a checkpoint folder of the workbench, in float32, one tensor in memory at a time, with
 * the optimiser's moments where the file has them.
 * @returns SHA-256 (hex) of weights.safetensors: the same weights give the same hash, however the file was written
 * @throws WorkbenchError `corrupt-file` where a value is no number
 */
export function convertModel({ spec, tensors, moments }: RecognisedModel, folder: string): Promise<string> {
  const stored = new Map<string, WritableTensor>();
  for (const [name, { shape, read }] of tensors) {
    stored.set(name, { dtype: 'F32', shape, data: () => checkFinite(name, read()) as TensorData });
  }
  return writeCheckpoint(folder, spec, async (unfinished) => {
    if (moments !== null) writeMoments(unfinished, moments, describeModel(spec).parameters);
    return writeSafetensors(path.join(unfinished, checkpointFiles.weights), stored);
  });
}

/** A recognised model in memory, for a check without a copy on disk. The caller disposes it. */
export function loadRecognised({ spec, tensors }: RecognisedModel): {
  parameters: Parameters;
  statistics: Statistics;
} {
  const shapes = describeModel(spec);
  const build = (part: Record<string, number[]>) =>
    Object.fromEntries(
      Object.entries(part).map(([name, shape]) => [
        name,
        tf.tensor(toEngineOrder(checkFinite(name, tensors.get(name)!.read()), shape), shape, 'float32'),
      ]),
    );
  return { parameters: build(shapes.parameters), statistics: build(shapes.statistics) };
}

function checkFinite(name: string, values: Float32Array): Float32Array {
  if (areFinite(values)) return values;
  throw new WorkbenchError(
    'corrupt-file',
    `Tensor ${name} holds values that are no numbers (NaN or infinite).`,
    {
      tensor: name,
    },
  );
}
