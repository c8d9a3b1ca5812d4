import * as tf from '@tensorflow/tfjs-core';

/** rows [batch * length, heads * size] to [batch, heads, length, size]. */
export function splitHeads(rows: tf.Tensor2D, batch: number, heads: number): tf.Tensor4D {
  const [count, width] = rows.shape;
  return tf.transpose(tf.reshape(rows, [batch, count / batch, heads, width / heads]), [0, 2, 1, 3]);
}

/** [batch, heads, length, size] to rows [batch * length, heads * size]. */
export function joinHeads(x: tf.Tensor4D): tf.Tensor2D {
  const [batch, heads, length, size] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch * length, heads * size]);
}

/** Rows [batch * length, parts * heads * size] as so many tensors [batch, heads, length, size]. */
export function splitPacked(rows: tf.Tensor2D, batch: number, heads: number, parts: number): tf.Tensor4D[] {
  const [count, width] = rows.shape;
  const packed = tf.reshape(rows, [batch, count / batch, parts, heads, width / (parts * heads)]);
  return tf.unstack(tf.transpose(packed, [2, 0, 3, 1, 4])) as tf.Tensor4D[];
}
