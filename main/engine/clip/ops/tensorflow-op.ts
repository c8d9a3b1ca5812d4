import * as tf from '@tensorflow/tfjs-core';

/** The value of an op's attribute, by TensorFlow's kinds. */
export type OpAttribute =
  | { dtype: 'float32' | 'int32' }
  | { float: number }
  | { int: number }
  | { bool: boolean }
  | { text: string };

interface RawAttribute {
  name: string;
  type: number;
  value: number | boolean | string;
}

/** What we use of NodeJSKernelBackend (tfjs-node-gpu/dist/nodejs_kernel_backend.d.ts). */
interface TensorflowBackend {
  binding: Record<
    `TF_ATTR_${'TYPE' | 'FLOAT' | 'INT' | 'BOOL' | 'STRING'}` | 'TF_FLOAT' | 'TF_INT32',
    number
  >;
  executeMultipleOutputs(
    name: string,
    attributes: RawAttribute[],
    inputs: tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

let plain = false;

/** Whether to run TensorFlow's own fused ops: on its backend, unless {@link withPlainOps} asks for TensorFlow.js's. */
export function usesFusedOps(): boolean {
  return !plain && tf.getBackend() === 'tensorflow';
}

/** Runs `compute` on TensorFlow.js's own ops and gradients alone, as code does that knows no backend. */
export function withPlainOps<T>(compute: () => T): T {
  plain = true;
  try {
    return compute();
  } finally {
    plain = false;
  }
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
  const backend = tf.backend() as tf.KernelBackend & TensorflowBackend;
  const raw = Object.entries(attributes).map(([key, value]) => describeAttribute(backend, key, value));
  return backend.executeMultipleOutputs(name, raw, inputs, outputs);
}

function describeAttribute({ binding }: TensorflowBackend, name: string, value: OpAttribute): RawAttribute {
  if ('dtype' in value) {
    const dtype = value.dtype === 'float32' ? binding.TF_FLOAT : binding.TF_INT32;
    return { name, type: binding.TF_ATTR_TYPE, value: dtype };
  }
  if ('float' in value) return { name, type: binding.TF_ATTR_FLOAT, value: value.float };
  if ('int' in value) return { name, type: binding.TF_ATTR_INT, value: value.int };
  if ('bool' in value) return { name, type: binding.TF_ATTR_BOOL, value: value.bool };
  return { name, type: binding.TF_ATTR_STRING, value: value.text };
}
