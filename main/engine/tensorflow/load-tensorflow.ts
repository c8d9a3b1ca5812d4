import * as tf from '@tensorflow/tfjs-core';
import type { TensorflowLibrary } from '#scripts/setup/tensorflow-location.mjs';
import { keepFreedMemory } from './allocator.ts';
import { TensorflowBinding } from './binding.ts';
import { loadTensorflowApi } from './c-api.ts';
import { type Device, EagerContext } from './eager-context.ts';
import { createKernelBackend } from './kernel-backend.ts';
import { prepareNativeCalls } from './open-library.ts';

/**
 * Registers backend `tensorflow` with TensorFlow.js, once for the process: whichever build comes first stays.
 * @returns TensorFlow's version, the devices that it found and whether oneDNN's kernels are on
 */
export function registerTensorflow(library: TensorflowLibrary): {
  version: string;
  devices: readonly Device[];
  oneDnn: boolean;
} {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // TensorFlow leaves its oneDNN kernels off on processors without AVX-512: there they are faster too (docs/performance.md).
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  prepareNativeCalls();
  keepFreedMemory();
  const api = loadTensorflowApi(library);
  const context = new EagerContext(api);
  tf.registerBackend('tensorflow', () => createKernelBackend(new TensorflowBinding(context)), 3);
  const oneDnn = process.env.TF_ENABLE_ONEDNN_OPTS === '1';
  return { version: api.TF_Version(), devices: context.devices, oneDnn };
}
