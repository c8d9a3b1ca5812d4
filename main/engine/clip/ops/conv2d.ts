import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.ts';
import { multiply } from './matrices.ts';

export interface ConvolutionGeometry {
  stride: number;
  /** Zeros on each side, as PyTorch pads: with a stride TensorFlow's SAME would pad otherwise. */
  padding: number;
}

/**
 * Convolution without bias. x [n, height, width, in], filter [size, size, in, out];
 * gives [n, floor((height + 2 padding - size) / stride) + 1, …, out].
 */
export function convolve(x: tf.Tensor4D, filter: tf.Tensor4D, geometry: ConvolutionGeometry): tf.Tensor4D {
  const { stride, padding } = geometry;
  const [size] = filter.shape;
  if (size === 1 && stride === 1 && padding === 0) return convolvePoints(x, filter);
  if (stride === 1 && size === 2 * padding + 1) return convolvePadded(x, filter, 1, 'same');
  return convolvePadded(padZeros(x, padding), filter, stride, 'valid');
}

/** Rows and columns of zeros on each side. */
export function padZeros(x: tf.Tensor4D, padding: number): tf.Tensor4D {
  if (padding === 0) return x;
  const both: [number, number] = [padding, padding];
  return tf.pad4d(x, [[0, 0], both, both, [0, 0]]);
}

/** A 1x1 convolution is one matrix product over all positions. */
function convolvePoints(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [, , , outputs] = filter.shape;
  const points: tf.Tensor2D = tf.reshape(x, [batch * height * width, channels]);
  const y = multiply(points, tf.reshape(filter, [channels, outputs]));
  return tf.reshape(y, [batch, height, width, outputs]);
}

function convolvePadded(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  stride: number,
  pad: 'same' | 'valid',
): tf.Tensor4D {
  return tf.getBackend() === 'wasm'
    ? convolveOnWasm(x, filter, stride, pad)
    : tf.conv2d(x, filter, stride, pad);
}

/** wasm has no Conv2DBackpropFilter. */
function convolveOnWasm(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  stride: number,
  pad: 'same' | 'valid',
): tf.Tensor4D {
  return withGradient<tf.Tensor4D>(
    [x, filter],
    (save) => {
      save([x, filter]);
      return tf.conv2d(x, filter, stride, pad);
    },
    (dy, saved) => {
      const [input, weight] = saved as [tf.Tensor4D, tf.Tensor4D];
      const padded = pad === 'same' ? padZeros(input, (weight.shape[0] - 1) / 2) : input;
      // conv2dTranspose runs Conv2DBackpropInput, which is what the gradient is.
      const dInput = tf.conv2dTranspose(dy, weight, input.shape, stride, pad);
      return [dInput, filterGradient(padded, dy, weight.shape, stride)];
    },
  );
}

/**
 * The gradient of a convolution's filter without its kernel: for each place in the filter, the pixels that it met
 * times the gradients of what it gave. padded [n, h, w, in], dy [n, oh, ow, out]; gives [size, size, in, out].
 */
export function filterGradient(
  padded: tf.Tensor4D,
  dy: tf.Tensor4D,
  shape: [number, number, number, number],
  stride: number,
): tf.Tensor4D {
  const [rows, columns, inputs, outputs] = shape;
  const [batch, height, width] = dy.shape;
  const count = batch * height * width;
  const gradients = tf.reshape(dy, [count, outputs]);
  const places: tf.Tensor[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const met = tf.stridedSlice(
        padded,
        [0, row, column, 0],
        [batch, row + (height - 1) * stride + 1, column + (width - 1) * stride + 1, inputs],
        [1, stride, stride, 1],
      );
      places.push(tf.matMul(tf.reshape(met, [count, inputs]), gradients, true, false));
    }
  }
  return tf.reshape(tf.stack(places), shape);
}
