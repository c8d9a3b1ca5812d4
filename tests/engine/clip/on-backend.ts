import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '#contract/devices/backend.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { useBackend } from '#main/engine/backend.ts';

/** Values that look random but are the same every time: no two alike, positive and negative, within +-2. */
export function makeValues(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, at) => 2 * Math.sin(12.9898 * (at + 1) * seed + 0.1 * at));
}

export function makeTensor<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> {
  return tf.tensor<R>(makeValues(tf.util.sizeFromShape(shape), seed), shape);
}

/** What a computation gives on a backend. */
export async function runOn(backend: BackendName, compute: () => tf.Tensor[]): Promise<number[][]> {
  await useBackend(backend);
  return tf.tidy(() => compute().map((tensor) => Array.from(tensor.dataSync())));
}

/** The backends of this machine: TensorFlow is not on every one. */
export async function listBackends(): Promise<BackendName[]> {
  try {
    await useBackend('tensorflow');
    return ['tensorflow', 'wasm', 'cpu'];
  } catch (error) {
    if (error instanceof WorkbenchError && error.kind === 'unavailable') return ['wasm', 'cpu'];
    throw error;
  }
}

/** The largest difference of two results, as a part of the largest value of the second. */
export function compareResults(found: number[][], expected: number[][]): number {
  const errors = expected.map((values, at) => {
    const scale = Math.max(...values.map(Math.abs), 1e-30);
    return Math.max(...values.map((value, index) => Math.abs(value - found[at]![index]!))) / scale;
  });
  return found.length === expected.length ? Math.max(...errors) : Number.POSITIVE_INFINITY;
}
