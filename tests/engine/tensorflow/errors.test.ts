import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchError } from '#contract/errors.ts';
import { useBackend } from '#main/engine/backend.ts';
import { currentTensorflow } from '#main/engine/tensorflow/kernel-backend.ts';

beforeAll(async () => {
  await useBackend('tensorflow');
});

function caught(run: () => unknown): WorkbenchError {
  try {
    run();
  } catch (error) {
    return error as WorkbenchError;
  }
  throw new Error('nothing was thrown');
}

test("an op's failure names the op and the shapes that it was given", () => {
  const error = caught(() => tf.matMul(tf.zeros([2, 3]), tf.zeros([4, 5])));
  expect(error.kind).toBe('tensorflow');
  expect(error.message).toContain('BatchMatMulV2');
  expect(error.message).toContain('float32[2,3], float32[4,5]');
  expect(error.details).toMatchObject({ op: 'BatchMatMulV2', inputs: ['float32[2,3]', 'float32[4,5]'] });
});

test('an op that TensorFlow does not have is named', () => {
  const error = caught(() => currentTensorflow()!.executeSingleOutput('NoSuchOp', [], []));
  expect(error.kind).toBe('tensorflow');
  expect(error.message).toContain('NoSuchOp');
});

test('a tensor that does not fit into memory is an error that says what to do', () => {
  // 64 TB
  const error = caught(() => tf.fill([2 ** 22, 2 ** 22], 1));
  expect(error).toMatchObject({
    kind: 'out-of-memory',
    message: expect.stringMatching(/memory is full.*smaller --batch-size/s),
  });
  // The engine goes on.
  expect([...tf.fill([2], 1).dataSync()]).toEqual([1, 1]);
});

test('values that do not fill their shape are refused', () => {
  const { context } = currentTensorflow()!.binding;
  const before = context.tensorCount;
  expect(caught(() => context.createTensor([2, 2], 1, [1, 2, 3])).message).toContain('needs 4 values, not 3');
  expect(context.tensorCount).toBe(before);
});

test('values come back as they went in, of every element type', () => {
  expect([...tf.tensor1d([1.5, -2]).dataSync()]).toEqual([1.5, -2]);
  expect([...tf.tensor1d([7, -8], 'int32').dataSync()]).toEqual([7, -8]);
  expect([...tf.tensor1d([true, false], 'bool').dataSync()]).toEqual([1, 0]);
  expect([...tf.concat([tf.zeros([0, 3]), tf.ones([1, 3])]).dataSync()]).toEqual([1, 1, 1]);
});
