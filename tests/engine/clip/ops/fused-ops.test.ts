import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { averagePool } from '#main/engine/clip/ops/average-pool.ts';
import {
  type BatchNormResult,
  type BatchNormTensors,
  normaliseBatch,
  normaliseBatchComposed,
} from '#main/engine/clip/ops/batch-norm.ts';
import { convolve } from '#main/engine/clip/ops/conv2d.ts';
import { crossEntropy, crossEntropyComposed } from '#main/engine/clip/ops/cross-entropy.ts';
import { lookUp } from '#main/engine/clip/ops/embedding.ts';
import { normaliseLayer } from '#main/engine/clip/ops/layer-norm.ts';
import { applyLinear } from '#main/engine/clip/ops/linear.ts';
import { multiply } from '#main/engine/clip/ops/matrices.ts';
import { convolveNormalised } from '#main/engine/clip/ops/normalised-convolution.ts';
import { quickGelu } from '#main/engine/clip/ops/quick-gelu.ts';
import { relu } from '#main/engine/clip/ops/relu.ts';
import '#main/engine/clip/differentiate.ts';
import { compareResults, listBackends, makeTensor, runOn } from '../on-backend.ts';

/** Sums of products of single-precision numbers in another order. */
const tolerance = 2e-5;

/** The value of f at tensors of these shapes and its gradient by each of them, weighted unevenly. */
function differentiateAt(shapes: number[][], f: (...inputs: tf.Tensor[]) => tf.Tensor): tf.Tensor[] {
  const inputs = shapes.map((shape, at) => makeTensor(shape as [number], at + 1));
  const weigh = (...given: tf.Tensor[]) => {
    const y = f(...given);
    return tf.sum(tf.mul(y, makeTensor(y.shape as [number], 9))) as tf.Scalar;
  };
  return [f(...inputs), ...tf.grads(weigh)(inputs)];
}

const backends = await listBackends();

interface Case {
  name: string;
  ours: () => tf.Tensor[];
  /** The same from TensorFlow.js's own ops and gradients, run on backend `cpu`. */
  plain: () => tf.Tensor[];
}

const batchNormTensors = (scale: tf.Tensor, shift: tf.Tensor): BatchNormTensors => ({
  scale: scale as tf.Tensor1D,
  shift: shift as tf.Tensor1D,
  runningMean: tf.tensor1d([0.5, -1, 2]),
  runningVariance: tf.tensor1d([1, 2, 3]),
});

/** Of `channels` channels, with the third and fourth of `given` as scale and shift. */
const statisticsOf = (channels: number, [, , scale, shift]: tf.Tensor[]): BatchNormTensors => ({
  scale: scale as tf.Tensor1D,
  shift: shift as tf.Tensor1D,
  runningMean: makeTensor<tf.Rank.R1>([channels], 5),
  runningVariance: tf.square(makeTensor<tf.Rank.R1>([channels], 6)),
});

const images = [4, 6, 6, 3];
const ids = () => tf.tensor1d([4, 0, 4, 2, 4], 'int32');
const labels = () => tf.tensor1d([3, 0, 1, 3], 'int32');

const cases: Case[] = [
  {
    name: 'ReLU',
    ours: () => differentiateAt([images], (x) => relu(x as tf.Tensor4D)),
    plain: () => differentiateAt([images], (x) => tf.relu(x)),
  },
  {
    name: 'QuickGELU',
    ours: () => differentiateAt([[5, 7]], (x) => quickGelu(x)),
    plain: () => differentiateAt([[5, 7]], (x) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)))),
  },
  {
    name: 'average pooling of an odd side',
    ours: () => differentiateAt([[2, 5, 5, 3]], (x) => averagePool(x as tf.Tensor4D, 2)),
    plain: () =>
      differentiateAt([[2, 5, 5, 3]], (x) => {
        const cut = tf.reshape(tf.slice(x, [0, 0, 0, 0], [2, 4, 4, 3]), [2, 2, 2, 2, 6]);
        const rows = tf.mean(cut, 2);
        return tf.mean(tf.reshape(rows, [2, 2, 2, 2, 3]), 3);
      }),
  },
  // Narrow and wide: TensorFlow has an op for each (ops/matrices.ts).
  ...[3, 12].map((outputs) => ({
    name: `linear, 8 inputs and ${outputs} outputs`,
    ours: () =>
      differentiateAt([[5, 8], [outputs, 8], [outputs]], (x, weight, bias) =>
        applyLinear(x as tf.Tensor2D, weight as tf.Tensor2D, bias as tf.Tensor1D),
      ),
    plain: () =>
      differentiateAt([[5, 8], [outputs, 8], [outputs]], (x, weight, bias) =>
        tf.add(tf.matMul(x!, weight!, false, true), bias!),
      ),
  })),
  {
    name: 'layer norm',
    ours: () =>
      differentiateAt([[5, 8], [8], [8]], (x, scale, shift) =>
        normaliseLayer(x as tf.Tensor2D, scale as tf.Tensor1D, shift as tf.Tensor1D),
      ),
    plain: () =>
      differentiateAt([[5, 8], [8], [8]], (x, scale, shift) => {
        const { mean, variance } = tf.moments(x!, 1, true);
        return tf.add(tf.mul(tf.div(tf.sub(x!, mean), tf.sqrt(tf.add(variance, 1e-5))), scale!), shift!);
      }),
  },
  {
    name: 'batch norm',
    ours: () =>
      differentiateAt([images, [3], [3]], (x, scale, shift) => {
        return normaliseBatch(x as tf.Tensor4D, batchNormTensors(scale!, shift!)).y;
      }),
    plain: () =>
      differentiateAt([images, [3], [3]], (x, scale, shift) => {
        const { mean, variance } = tf.moments(x!, [0, 1, 2]);
        return tf.batchNorm4d(
          x as tf.Tensor4D,
          mean as tf.Tensor1D,
          variance as tf.Tensor1D,
          shift as tf.Tensor1D,
          scale as tf.Tensor1D,
          1e-5,
        );
      }),
  },
  // The first is one product with its batch norm on TensorFlow; the others are not: as wide as before, and 3x3.
  ...[
    { size: 1, inputs: 4, outputs: 8 },
    { size: 1, inputs: 4, outputs: 4 },
    { size: 3, inputs: 2, outputs: 4 },
  ].map(({ size, inputs, outputs }) => ({
    name: `convolution ${size}x${size} from ${inputs} to ${outputs} channels with its batch norm`,
    ours: () =>
      differentiateAt(
        [[3, 5, 5, inputs], [size, size, inputs, outputs], [outputs], [outputs]],
        (...given) => {
          const [x, filter] = given as tf.Tensor4D[];
          const geometry = { stride: 1, padding: (size - 1) / 2 };
          return convolveNormalised(x!, filter!, geometry, statisticsOf(outputs, given)).y;
        },
      ),
    plain: () =>
      differentiateAt(
        [[3, 5, 5, inputs], [size, size, inputs, outputs], [outputs], [outputs]],
        (...given) => {
          const [x, filter] = given as tf.Tensor4D[];
          return normaliseBatchComposed(tf.conv2d(x!, filter!, 1, 'same'), statisticsOf(outputs, given)).y;
        },
      ),
  })),
  {
    name: 'cross-entropy',
    ours: () => differentiateAt([[4, 5]], (logits) => crossEntropy(logits as tf.Tensor2D, labels())),
    plain: () =>
      differentiateAt([[4, 5]], (logits) => {
        const chosen = tf.sum(tf.mul(logits!, tf.oneHot(labels(), 5)), 1);
        return tf.mean(tf.sub(tf.log(tf.sum(tf.exp(logits!), 1)), chosen));
      }),
  },
  {
    name: 'embedding with repeated and absent ids',
    ours: () => differentiateAt([[6, 3]], (table) => lookUp(table as tf.Tensor2D, ids())),
    plain: () => differentiateAt([[6, 3]], (table) => tf.gather(table!, ids())),
  },
  ...[
    { turnA: false, turnB: false, columns: 3 },
    { turnA: false, turnB: false, columns: 130 },
    { turnA: true, turnB: false, columns: 3 },
    { turnA: true, turnB: false, columns: 12 },
    { turnA: false, turnB: true, columns: 3 },
    { turnA: false, turnB: true, columns: 12 },
    { turnA: true, turnB: true, columns: 3 },
    { turnA: true, turnB: true, columns: 12 },
  ].map(({ turnA, turnB, columns }) => {
    const shapes = [turnA ? [8, 5] : [5, 8], turnB ? [columns, 8] : [8, columns]];
    return {
      name: `product of${turnA ? ' a turned' : ''} a and${turnB ? ' a turned' : ''} b of ${columns} columns`,
      ours: () =>
        differentiateAt(shapes, (a, b) => multiply(a as tf.Tensor2D, b as tf.Tensor2D, turnA, turnB)),
      plain: () => differentiateAt(shapes, (a, b) => tf.matMul(a!, b!, turnA, turnB)),
    };
  }),
  ...[
    { size: 3, stride: 1, padding: 1, side: 6 },
    { size: 3, stride: 2, padding: 1, side: 6 },
    { size: 3, stride: 2, padding: 1, side: 7 },
    { size: 1, stride: 1, padding: 0, side: 5 },
    { size: 4, stride: 4, padding: 0, side: 8 },
  ].map(({ size, stride, padding, side }) => ({
    name: `convolution ${size}x${size}, stride ${stride}, padding ${padding}, side ${side}`,
    ours: () =>
      differentiateAt(
        [
          [2, side, side, 3],
          [size, size, 3, 4],
        ],
        (x, filter) => convolve(x as tf.Tensor4D, filter as tf.Tensor4D, { stride, padding }),
      ),
    plain: () =>
      differentiateAt(
        [
          [2, side, side, 3],
          [size, size, 3, 4],
        ],
        (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, padding),
      ),
  })),
];

describe.each(backends)('on backend %s', (backend) => {
  test.each(cases)('$name: value and gradients equal those of plain ops', async ({ ours, plain }) => {
    const expected = await runOn('cpu', plain);
    expect(compareResults(await runOn(backend, ours), expected)).toBeLessThan(tolerance);
  });

  test('batch norm: running statistics move by a tenth, with the unbiased variance', async () => {
    // Channels of 2 values: 1 and 3 (mean 2, unbiased variance 2), 0 and 10 (5, 50), 4 and 4 (4, 0).
    const compute = () => {
      const x = tf.tensor4d([1, 0, 4, 3, 10, 4], [2, 1, 1, 3]);
      const tensors = batchNormTensors(tf.ones([3]), tf.zeros([3]));
      const { y, runningMean, runningVariance } = normaliseBatch(x, tensors);
      return [runningMean, runningVariance, y];
    };
    const [mean, variance, y] = await runOn(backend, compute);
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 4));
    expect(mean).toEqual(close([0.45 + 0.2, -0.9 + 0.5, 1.8 + 0.4]));
    expect(variance).toEqual(close([0.9 + 0.2, 1.8 + 5, 2.7]));
    expect(y).toEqual(close([-1, -1, 0, 1, 1, 0]));
  });

  test('a convolution with its batch norm moves the running statistics as the two do one after the other', async () => {
    const geometry = { stride: 1, padding: 0 };
    const compute =
      (norm: (...given: [tf.Tensor4D, tf.Tensor4D, BatchNormTensors]) => BatchNormResult) => () => {
        // The second channel that goes in is always 3; what only it goes into does not vary.
        const x = tf.concat([makeTensor([4, 6, 6, 1], 1), tf.fill([4, 6, 6, 1], 3)], 3) as tf.Tensor4D;
        const filter = tf.tensor4d([1, 0, -2, 0.5, 1, 7, 0, 0.1], [1, 1, 2, 4]);
        const tensors = statisticsOf(4, [x, filter, tf.ones([4]), tf.zeros([4])]);
        const { y, runningMean, runningVariance } = norm(x, filter, tensors);
        return [y, runningMean, runningVariance];
      };
    const together = compute((x, filter, tensors) => convolveNormalised(x, filter, geometry, tensors));
    const apart = compute((x, filter, tensors) => normaliseBatch(convolve(x, filter, geometry), tensors));
    const found = await runOn(backend, together);
    expect(compareResults(found, await runOn('cpu', apart))).toBeLessThan(tolerance);
  });

  test('the composed forms equal the fused ones', async () => {
    const compute = (norm: typeof normaliseBatch, entropy: typeof crossEntropy) => () => {
      const x = makeTensor<tf.Rank.R4>([4, 6, 6, 3], 1);
      const tensors = batchNormTensors(tf.tensor1d([1, 2, 3]), tf.tensor1d([3, 2, 1]));
      const { y, runningMean, runningVariance } = norm(x, tensors);
      return [y, runningMean, runningVariance, entropy(makeTensor<tf.Rank.R2>([4, 5], 2), labels())];
    };
    const fused = await runOn(backend, compute(normaliseBatch, crossEntropy));
    const composed = await runOn(backend, compute(normaliseBatchComposed, crossEntropyComposed));
    expect(compareResults(fused, composed)).toBeLessThan(tolerance);
  });
});
