import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { compileStep } from '#main/engine/compiled-step.ts';
import { currentTensorflow } from '#main/engine/tensorflow/kernel-backend.ts';

beforeAll(async () => {
  await useBackend('tensorflow');
});

const megabyte = 1024 * 1024;
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Memory of the process without what JavaScript has yet to free. */
function residentBytes(): number {
  collectGarbage();
  return process.memoryUsage().rss;
}

const tensorCount = () => currentTensorflow()!.binding.getNumOfTensors();

/** One of several kinds of op, failing ones included. */
function runMixedOp(turn: number, x: tf.Tensor2D): void {
  tf.tidy(() => {
    const kinds = [
      () => tf.matMul(x, x),
      () => tf.concat([x, x], 0),
      () => tf.split(x, 2, 1),
      () => tf.softmax(tf.add(x, tf.scalar(turn))),
      () => tf.grad((y: tf.Tensor) => tf.sum(tf.square(tf.relu(y))))(x),
      () => tf.conv2d(tf.reshape<tf.Rank.R4>(x, [1, 8, 8, 1]), tf.ones<tf.Rank.R4>([3, 3, 1, 2]), 1, 'same'),
      () => tf.gather(x, tf.tensor1d([0, 3], 'int32')),
      () => expect(() => currentTensorflow()!.executeSingleOutput('NoSuchOp', [], [x])).toThrow(/NoSuchOp/),
      () =>
        expect(() => currentTensorflow()!.binding.executeOp('MatMul', [], [1 << 30], 1)).toThrow(/disposed/),
      () => tf.mean(x).dataSync(),
    ];
    kinds[turn % kinds.length]!();
  });
}

test('10,000 mixed ops leave no tensor behind and no growing memory', () => {
  const x = tf.randomUniform<tf.Rank.R2>([8, 8], -1, 1, 'float32', 7);
  // The allocator and the ops' caches reach their size within the first ten thousand or so.
  for (let turn = 0; turn < 12_000; turn++) runMixedOp(turn, x);
  const tensors = tensorCount();
  const memory = residentBytes();
  for (let turn = 0; turn < 10_000; turn++) runMixedOp(turn, x);
  expect(tensorCount()).toBe(tensors);
  expect(residentBytes() - memory).toBeLessThan(50 * megabyte);
  x.dispose();
});

test('300 recorded steps leave no tensor behind and no growing memory', async () => {
  let weights: tf.Tensor = tf.randomUniform([256, 256], -0.1, 0.1, 'float32', 3);
  const step = compileStep(
    ([x, w]) => {
      const loss = (w: tf.Tensor) => tf.mean(tf.square(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)));
      const gradient = tf.grad(loss)(w!);
      return [tf.sub(w!, tf.mul(gradient, tf.scalar(0.1))), loss(w!)];
    },
    { name: 'descend' },
  );
  const descend = async () => {
    const x = tf.randomUniform([64, 256], -1, 1, 'float32', 5);
    const [next, loss] = await step.run([x, weights]);
    tf.dispose([x, weights, loss!]);
    weights = next!;
  };
  for (let turn = 0; turn < 50; turn++) await descend();
  const tensors = tensorCount();
  const memory = residentBytes();
  for (let turn = 0; turn < 300; turn++) await descend();
  expect(tensorCount()).toBe(tensors);
  expect(residentBytes() - memory).toBeLessThan(50 * megabyte);
  step.dispose();
  weights.dispose();
});
