import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { describeModel } from '../clip/clip.ts';
import type { Parameters, Statistics } from '../clip/parameters.ts';
import { areFinite } from './float-values.ts';
import { lazyValues } from './lazy-values.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import type { StoredTensor, TensorData, WritableTensor } from './tensor-dtypes.ts';
import { toEngineOrder, toFileOrder, toFileShape } from './tensor-layout.ts';

/** PyTorch counts the batches of each batch norm; nothing uses the counts. */
const unusedSuffix = '.num_batches_tracked';

/**
 * Reads a model's weights and statistics from a safetensors file with PyTorch's names and layouts. The caller disposes them.
 * @throws WorkbenchError `corrupt-file`, naming the tensor that is missing, left over, of another shape or type, or
 *   holds NaN or infinity
 */
export function loadWeights(
  path: string,
  spec: Pick<ModelSpec, 'clip' | 'headClasses'>,
): { parameters: Parameters; statistics: Statistics } {
  const stored = readSafetensors(path);
  const shapes = describeModel(spec);
  const known = { ...shapes.parameters, ...shapes.statistics };
  for (const name of stored.keys()) {
    if (!(name in known) && !name.endsWith(unusedSuffix)) {
      throw refuse(path, name, 'has no place in a model of this shape');
    }
  }
  const values = new Map<string, Float32Array>();
  for (const [name, shape] of Object.entries(known)) values.set(name, pickValues(path, stored, name, shape));
  const build = (part: Record<string, number[]>) =>
    Object.fromEntries(
      Object.entries(part).map(([name, shape]) => [name, tf.tensor(values.get(name)!, shape, 'float32')]),
    );
  return { parameters: build(shapes.parameters), statistics: build(shapes.statistics) };
}

/** Writes weights and statistics with PyTorch's names and layouts; gives the file's SHA-256 in hex. */
export async function saveWeights(
  path: string,
  { parameters, statistics }: { parameters: Parameters; statistics: Statistics },
): Promise<string> {
  const stored = new Map<string, WritableTensor>();
  for (const [name, tensor] of Object.entries({ ...parameters, ...statistics }).sort(byName)) {
    const data = await lazyValues(
      () => tensor.clone(),
      (values) => toFileOrder(values, tensor.shape) as TensorData,
    );
    stored.set(name, { dtype: 'F32', shape: toFileShape(tensor.shape), data });
  }
  return writeSafetensors(path, stored);
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function pickValues(
  path: string,
  stored: Map<string, StoredTensor>,
  name: string,
  shape: number[],
): Float32Array {
  const tensor = stored.get(name);
  if (tensor === undefined) throw refuse(path, name, 'is missing');
  const { dtype, data } = tensor;
  if (dtype !== 'F32' || !(data instanceof Float32Array))
    throw refuse(path, name, `is ${dtype} and should be F32`);
  const expected = toFileShape(shape);
  if (tensor.shape.join() !== expected.join()) {
    throw refuse(path, name, `is [${tensor.shape.join(', ')}] and should be [${expected.join(', ')}]`);
  }
  if (!areFinite(data)) throw refuse(path, name, 'holds values that are not finite');
  return toEngineOrder(data, shape);
}

function refuse(path: string, tensor: string, fault: string): WorkbenchError {
  const message = `${path}: tensor ${tensor} ${fault}. Use a file that was saved for this architecture.`;
  return new WorkbenchError('corrupt-file', message, { path, tensor });
}
