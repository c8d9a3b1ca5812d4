import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.ts';
import { encodeOneHot } from './one-hot.ts';
import { runTensorflowOp, usesFusedOps } from './tensorflow-op.ts';

/** Mean over the rows of -log softmax(logits)[label]. logits [n, classes], labels [n] int32; a scalar. */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return usesFusedOps() ? crossEntropyFused(logits, labels) : crossEntropyComposed(logits, labels);
}

/** As {@link crossEntropy}, from ops that every backend has. */
export function crossEntropyComposed(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  const [rows, classes] = logits.shape;
  const chosen = tf.mul(encodeOneHot(labels, classes), tf.logSoftmax(logits, 1));
  return tf.mul(tf.sum(chosen), -1 / rows);
}

/** TensorFlow's op gives the rows' losses and softmax - oneHot in one go. */
function crossEntropyFused(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  const [rows] = logits.shape;
  const attributes = { T: { dtype: 'float32' }, Tlabels: { dtype: 'int32' } } as const;
  return withGradient(
    [logits],
    (save) => {
      const [losses, slope] = runTensorflowOp(
        'SparseSoftmaxCrossEntropyWithLogits',
        attributes,
        [logits, labels],
        2,
      );
      save([slope!]);
      return tf.mean(losses!);
    },
    (dy, [slope]) => [tf.mul(slope!, tf.mul(dy, 1 / rows))],
  );
}
