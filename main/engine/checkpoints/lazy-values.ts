import * as tf from '@tensorflow/tfjs-core';
import type { TensorData } from './tensor-dtypes.ts';

/**
 * A float32 tensor's values for a file. They are read only when they are written, so that one tensor at a time lies in
 * JavaScript's memory; backends that can only read with a wait give them at once.
 * @param read gives the tensor; it is disposed
 */
export async function lazyValues(
  read: () => tf.Tensor,
  change: (values: Float32Array) => TensorData = (values) => values as Float32Array<ArrayBuffer>,
): Promise<TensorData | (() => TensorData)> {
  if (tf.getBackend() === 'webgpu') {
    const tensor = read();
    const values = (await tensor.data()) as Float32Array;
    tensor.dispose();
    return change(values);
  }
  return () => {
    const tensor = read();
    const values = tensor.dataSync() as Float32Array;
    tensor.dispose();
    return change(values);
  };
}
