import * as tf from '@tensorflow/tfjs-core';
import type { OpAttribute as RawAttribute } from '../../tensorflow/attributes.ts';
import { attributeKinds, dtypeNumbers } from '../../tensorflow/dtypes.ts';
import type { TensorflowKernelBackend } from '../../tensorflow/kernel-backend.ts';

/** The value of an op's attribute, by TensorFlow's kinds. */
export type OpAttribute =
  | { dtype: 'float32' | 'int32' | 'uint8' }
  | { float: number }
  | { int: number }
  | { bool: boolean }
  | { text: string }
  | { texts: readonly string[] }
  | { ints: readonly number[] };

/** Whether to run TensorFlow's own fused ops: on its backend. */
export function usesFusedOps(): boolean {
  return tf.getBackend() === 'tensorflow';
}

/** Whether TensorFlow computes on the processor, whose fused ops a GPU's build does not all have. */
export function usesProcessorOps(): boolean {
  return usesFusedOps() && !(tf.backend() as TensorflowKernelBackend).binding.isUsingGpuDevice();
}

/** Whether TensorFlow computes on the processor and multiplies matrices in float32, as a step in bfloat16 does not. */
export function usesExactProducts(): boolean {
  return (
    usesProcessorOps() && (tf.backend() as TensorflowKernelBackend).binding.tracer?.precision !== 'bfloat16'
  );
}

/**
 * Runs one of TensorFlow's ops by name, outside the gradient tape: call it from a custom gradient.
 * Only where {@link usesFusedOps}.
 */
export function runTensorflowOp(
  name: string,
  attributes: Record<string, OpAttribute>,
  inputs: tf.TensorInfo[],
  outputs: number,
): tf.Tensor[] {
  const backend = tf.backend() as TensorflowKernelBackend;
  const raw = Object.entries(attributes).map(([key, value]) => describeAttribute(key, value));
  return backend.executeMultipleOutputs(name, raw, inputs, outputs);
}

function describeAttribute(name: string, value: OpAttribute): RawAttribute {
  if ('dtype' in value) return { name, type: attributeKinds.type, value: dtypeNumbers[value.dtype] };
  if ('float' in value) return { name, type: attributeKinds.float, value: value.float };
  if ('int' in value) return { name, type: attributeKinds.int, value: value.int };
  if ('bool' in value) return { name, type: attributeKinds.bool, value: value.bool };
  if ('ints' in value) return { name, type: attributeKinds.int, value: value.ints };
  return { name, type: attributeKinds.string, value: 'texts' in value ? value.texts : value.text };
}
