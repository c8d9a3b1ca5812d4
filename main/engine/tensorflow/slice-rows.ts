import * as tf from '@tensorflow/tfjs-core';
import { attributeKinds, dtypeNumbers } from './dtypes.ts';
import { currentTensorflow } from './kernel-backend.ts';

/** Rows [from, from + count) of a tensor, whose first axis they are; also of bytes, which TensorFlow.js takes for int32. */
export function sliceRows(x: tf.Tensor, from: number, count: number): tf.Tensor {
  const begin = x.shape.map((_, axis) => (axis === 0 ? from : 0));
  const size = x.shape.map((side, axis) => (axis === 0 ? count : side));
  const backend = currentTensorflow();
  const [id] = backend?.getInputTensorIds([x]) ?? [];
  if (backend === null || id === undefined) return tf.slice(x, begin, size);
  const { dtype } = backend.binding.context.describe(id);
  const attributes = [
    { name: 'T', type: attributeKinds.type, value: dtype },
    { name: 'Index', type: attributeKinds.type, value: dtypeNumbers.int32 },
  ];
  return tf.tidy(() => {
    const places = [tf.tensor1d(begin, 'int32'), tf.tensor1d(size, 'int32')];
    return backend.executeMultipleOutputs('Slice', attributes, [x, ...places], 1)[0]!;
  });
}
