import * as tf from '@tensorflow/tfjs-core';
import koffi from 'koffi';
import { WorkbenchError } from '#contract/errors.ts';
import { keepFreedMemory } from './allocator.ts';
import { TensorflowBinding } from './binding.ts';
import { loadTensorflowApi } from './c-api.ts';
import { EagerContext } from './eager-context.ts';
import { createKernelBackend } from './kernel-backend.ts';
import { findTensorflow } from './library.ts';

const stackBytes = 8 * 1024 * 1024;

/**
 * Registers backend `tensorflow` with TensorFlow.js, once for the process.
 * @returns TensorFlow's version, the device that computes and whether oneDNN's kernels are on
 * @throws WorkbenchError `unavailable` where the libraries are not there
 */
export function registerTensorflow(): { version: string; device: string; oneDnn: boolean } {
  const library = findTensorflow();
  if (!library) {
    throw new WorkbenchError(
      'unavailable',
      'TensorFlow is not installed: run `npm run doctor` to see why and what to do, or choose --backend wasm.',
    );
  }
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // TensorFlow leaves its oneDNN kernels off on processors without AVX-512: there they are faster too (docs/performance.md).
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  // TensorFlow's kernels run on the calling thread too, and want more stack than koffi gives unasked.
  koffi.config({ sync_stack_size: stackBytes, async_stack_size: stackBytes });
  keepFreedMemory();
  const api = loadTensorflowApi(library);
  const context = new EagerContext(api);
  tf.registerBackend('tensorflow', () => createKernelBackend(new TensorflowBinding(context)), 3);
  const gpu = context.devices.find(({ type }) => type === 'GPU');
  const oneDnn = process.env.TF_ENABLE_ONEDNN_OPTS === '1';
  return { version: api.TF_Version(), device: gpu ? gpu.name : 'CPU', oneDnn };
}
