import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.ts';
import { runTensorflowOp, usesFusedOps } from './tensorflow-op.ts';

const slope = 1.702;

/**
 * x * sigmoid(1.702 x), CLIP's QuickGELU, with its gradient in closed form. The derivative is worked out with the value,
 * so that one tensor is kept for the backward pass, which goes over the memory once.
 */
export function quickGelu<T extends tf.Tensor>(x: T): T {
  return withGradient<T>(
    [x],
    (save) => {
      const scaled = tf.mul(x, slope);
      const gate = tf.sigmoid(scaled);
      // d/dx = gate + slope * x * gate * (1 - gate)
      save([tf.add(gate, sigmoidGradient(gate, scaled))]);
      return tf.mul<T>(x, gate);
    },
    (dy, [derivative]) => [tf.mul(dy, derivative!)],
  );
}

/** dy * gate * (1 - gate), on TensorFlow in one pass. */
function sigmoidGradient(gate: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  if (!usesFusedOps()) return tf.mul(dy, tf.mul(gate, tf.sub(1, gate)));
  return runTensorflowOp('SigmoidGrad', { T: { dtype: 'float32' } }, [gate, dy], 1)[0]!;
}
