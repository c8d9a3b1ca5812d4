import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.ts';
import { runTensorflowOp, usesFusedOps } from './tensorflow-op.ts';

/** max(x, 0). On TensorFlow with its ReluGrad, one op where TensorFlow.js takes three. */
export function relu(x: tf.Tensor4D): tf.Tensor4D {
  return usesFusedOps() ? reluFused(x) : tf.relu(x);
}

function reluFused(x: tf.Tensor4D): tf.Tensor4D {
  return withGradient(
    [x],
    (save) => {
      const y = tf.relu(x);
      save([y]);
      return y;
    },
    (dy, [y]) => runTensorflowOp('ReluGrad', { T: { dtype: 'float32' } }, [dy, y!], 1),
  );
}
