import * as tf from '@tensorflow/tfjs-core';
import { sumRows } from './add-bias.ts';
import {
  type BatchNormResult,
  type BatchNormTensors,
  blendStatistics,
  epsilon,
  normaliseBatch,
} from './batch-norm.ts';
import { type ConvolutionGeometry, convolve } from './conv2d.ts';
import { withGradient } from './custom-gradient.ts';
import { addToRows, findProduct, multiplyWithBias } from './matrices.ts';
import { usesExactProducts } from './tensorflow-op.ts';

/**
 * A convolution and the batch norm after it, with the batch's own statistics (normaliseBatch).
 * x [n, height, width, in], filter [size, size, in, out], tensors of [out].
 */
export function convolveNormalised(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  geometry: ConvolutionGeometry,
  tensors: BatchNormTensors,
): BatchNormResult {
  return isFasterByProduct(filter.shape, geometry)
    ? normaliseByProduct(x, filter, tensors)
    : normaliseBatch(convolve(x, filter, geometry), tensors);
}

/** Entries of cov(x) for each channel that comes out, up to which {@link normaliseByProduct} is the faster way (docs/decisions/0075). */
const largestCovariance = 100;

function isFasterByProduct(
  [size, , inputs, outputs]: tf.Tensor4D['shape'],
  { stride, padding }: ConvolutionGeometry,
): boolean {
  const isWidening = size === 1 && stride === 1 && padding === 0 && outputs >= 2 * inputs;
  return isWidening && inputs ** 2 <= largestCovariance * outputs && usesExactProducts();
}

/**
 * A 1x1 convolution and its batch norm in one product of matrices. With x the rows [n, in] that go in, less their mean,
 * and W the filter [in, out], x W has the mean 0 and the variance diag(W' cov(x) W): the norm's factor is known before
 * the product and goes into W. What the convolution alone would give is not made, nor kept for the backward pass, which
 * finds in x' dy what a batch norm's gradient needs of it. The price is cov(x) and, backwards, another product by a
 * matrix [in, in].
 */
function normaliseByProduct(x: tf.Tensor4D, filter: tf.Tensor4D, tensors: BatchNormTensors): BatchNormResult {
  const [batch, height, width, inputs] = x.shape;
  const outputs = filter.shape[3];
  const count = batch * height * width;
  const rows: tf.Tensor2D = tf.reshape(x, [count, inputs]);
  const weight: tf.Tensor2D = tf.reshape(filter, [inputs, outputs]);
  const centre: tf.Tensor1D = tf.div(sumRows(rows), count);
  // Not left to the products: where a mean is far from 0 its square would take the digits of the variance.
  const centred = addToRows(rows, tf.neg(centre));
  const covariance: tf.Tensor2D = tf.div(findProduct(centred, centred, true, false), count);
  const spread = findProduct(covariance, weight, false, false);
  // Rounding may leave less than nothing of a channel that does not vary.
  const variance: tf.Tensor1D = tf.relu(tf.sum(tf.mul(weight, spread), 0));
  const y = withGradient<tf.Tensor2D>(
    [rows, weight, tensors.scale, tensors.shift],
    (save) => {
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      const scaled: tf.Tensor2D = tf.mul(weight, tf.mul(tensors.scale, inverse));
      save([centred, weight, scaled, tensors.scale, inverse, spread]);
      return multiplyWithBias(centred, scaled, tensors.shift);
    },
    differentiate,
  );
  const mean = findProduct(tf.reshape(centre, [1, inputs]), weight, false, false);
  return {
    y: tf.reshape(y, [batch, height, width, outputs]),
    ...blendStatistics(tensors, tf.reshape(mean, [outputs]), variance, count),
  };
}

/**
 * The gradients of rows, weight, scale and shift, for z = centred weight and its normalised n = z inverse:
 * dz = scale inverse (dy - mean(dy) - n mean(dy n)), worked out through the products by `centred` and `weight`.
 */
function differentiate(dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] {
  const [centred, weight, scaled] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const [, , , scale, inverse, spread] = saved;
  const [count, inputs] = centred.shape;
  const dShift = sumRows(dy);
  const met = findProduct(centred, dy, true, false);
  const dScale: tf.Tensor1D = tf.mul(tf.sum(tf.mul(weight, met), 0), inverse!);
  const pull: tf.Tensor1D = tf.mul(dScale, inverse!);
  const dWeight = tf.mul(tf.sub(met, tf.mul(spread!, pull)), tf.mul(scale!, inverse!));
  // dz weight' = dy scaled' + centred within + constant
  const within = findProduct(tf.mul(scaled, tf.div(pull, -count)), weight, false, true);
  const level: tf.Tensor2D = tf.reshape(tf.div(dShift, -count), [1, -1]);
  const constant: tf.Tensor1D = tf.reshape(findProduct(level, scaled, false, true), [inputs]);
  const dRows = tf.add(findProduct(dy, scaled, false, true), multiplyWithBias(centred, within, constant));
  return [dRows, dWeight, dScale, dShift];
}
