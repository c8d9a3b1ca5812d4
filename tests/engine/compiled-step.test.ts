import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { BackendName } from '#contract/devices/backend.ts';
import { useBackend } from '#main/engine/backend.ts';
import { runTensorflowOp } from '#main/engine/clip/ops/tensorflow-op.ts';
import { compileStep } from '#main/engine/compiled-step.ts';
import { currentTensorflow } from '#main/engine/tensorflow/kernel-backend.ts';

const matrix = (values: number[][]) => tf.tensor2d(values);
const read = (tensors: tf.Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()]);

describe.each<BackendName>(['tensorflow', 'wasm', 'cpu'])('on backend %s', (backend) => {
  test('a step gives what its ops give, for new inputs of the recorded shape too', async () => {
    await useBackend(backend);
    const step = compileStep(
      ([x, y]) => [
        tf.add(tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D), tf.scalar(1)),
        x!,
        tf.grad((z: tf.Tensor) => tf.sum(tf.square(z)))(y!),
      ],
      { name: 'affine' },
    );
    const identity = matrix([
      [1, 0],
      [0, 1],
    ]);
    const x = matrix([
      [1, 2],
      [3, 4],
    ]);
    expect(read(await step.run([x, identity]))).toEqual([
      [2, 3, 4, 5],
      [1, 2, 3, 4],
      [2, 0, 0, 2],
    ]);
    expect(read(await step.run([identity, x]))).toEqual([
      [2, 3, 4, 5],
      [1, 0, 0, 1],
      [2, 4, 6, 8],
    ]);
    step.dispose();
  });

  test('declared constants are used; inputs of another number, rank or type are refused', async () => {
    await useBackend(backend);
    const offset = tf.tensor1d([10, 20]);
    const step = compileStep(([x]) => [tf.add(x!, offset)], { name: 'shift', constants: [offset] });
    expect(read(await step.run([tf.tensor1d([1, 2])]))).toEqual([[11, 22]]);
    await expect(step.run([])).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining('"shift"'),
    });
    await expect(step.run([tf.zeros([1, 2])])).rejects.toMatchObject({ kind: 'bad-input' });
    await expect(step.run([tf.zeros([2], 'int32')])).rejects.toMatchObject({
      message: expect.stringContaining('float32 of rank 1'),
    });
    step.dispose();
  });
});

describe('tracing', () => {
  test('each combination of input shapes gets one graph', async () => {
    await useBackend('tensorflow');
    const step = compileStep(([x]) => [tf.sum(x!)], { name: 'sum' });
    for (const length of [3, 5, 3, 5, 3]) {
      expect(read(await step.run([tf.ones([length])]))).toEqual([[length]]);
    }
    expect(step.graphs).toBe(2);
    step.dispose();
  });

  test('a tensor from outside that was not declared is an error, read or not yet written', async () => {
    await useBackend('tensorflow');
    const lazy = tf.tensor1d([1, 2, 3]);
    const computed = tf.square(lazy);
    for (const outside of [lazy.clone(), tf.tensor1d([1, 2, 3]), computed]) {
      const step = compileStep(([x]) => [tf.add(x!, outside)], { name: 'capturing' });
      await expect(step.run([tf.ones([3])])).rejects.toMatchObject({
        kind: 'recording',
        message: expect.stringContaining('shape [3]'),
      });
      expect(step.graphs).toBe(0);
    }
  });

  test('a graph is made from shapes alone, and making it runs nothing', async () => {
    await useBackend('tensorflow');
    const step = compileStep(([x, y]) => [tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D)], { name: 'ahead' });
    const { context } = currentTensorflow()!.binding;
    const before = [context.tensorCount, tf.memory().numTensors];
    // 4 TB of values, were they to be computed.
    const side = 1_000_000;
    step.prepare([
      { shape: [side, side], dtype: 'float32' },
      { shape: [side, side], dtype: 'float32' },
    ]);
    step.prepare([
      { shape: [1, 2], dtype: 'float32' },
      { shape: [2, 1], dtype: 'float32' },
    ]);
    expect(step.graphs).toBe(2);
    expect([context.tensorCount, tf.memory().numTensors]).toEqual(before);
    expect(read(await step.run([matrix([[1, 2]]), matrix([[3], [4]])]))).toEqual([[11]]);
    expect(step.graphs).toBe(2);
    step.dispose();
  });

  test('an op that cannot work on the shapes that it is given is named before anything runs', async () => {
    await useBackend('tensorflow');
    const step = compileStep(
      ([x, y]) => [runTensorflowOp('Sub', { T: { dtype: 'float32' } }, [x!, y!], 1)[0]!],
      {
        name: 'misfit',
      },
    );
    await expect(step.run([tf.ones([2]), tf.ones([3])])).rejects.toMatchObject({
      kind: 'tensorflow',
      message: expect.stringMatching(/add Sub to the graph of step "misfit".*2.*3/s),
    });
  });

  test('a tensor whose shape depends on values is refused', async () => {
    await useBackend('tensorflow');
    const step = compileStep(([x]) => runTensorflowOp('Where', { T: { dtype: 'float32' } }, [x!], 1), {
      name: 'where',
    });
    await expect(step.run([tf.ones([3])])).rejects.toMatchObject({
      kind: 'recording',
      message: expect.stringContaining('[-1,1]'),
    });
  });

  test('a tensor of another step that was traced is refused', async () => {
    await useBackend('tensorflow');
    let kept: tf.Tensor | null = null;
    const leak = (tensor: tf.Tensor) => {
      kept = tf.keep(tensor);
      return [tensor];
    };
    const first = compileStep(([x]) => leak(tf.square(x!)), { name: 'leaking' });
    await first.run([tf.ones([3])]);
    const second = compileStep(([x]) => [tf.add(x!, kept!)], { name: 'taking' });
    await expect(second.run([tf.ones([3])])).rejects.toMatchObject({
      kind: 'recording',
      message: expect.stringContaining('another step'),
    });
    kept!.dispose();
  });

  test('reading values in JavaScript is an error that says so', async () => {
    await useBackend('tensorflow');
    const step = compileStep(([x]) => [tf.scalar(x!.dataSync()[0]!)], { name: 'reading' });
    await expect(step.run([tf.ones([3])])).rejects.toMatchObject({
      kind: 'recording',
      message: expect.stringContaining('reads tensor values'),
    });
    // The failure leaves the backend usable.
    expect(read([tf.add(tf.scalar(1), tf.scalar(2))])).toEqual([[3]]);
  });

  test('list arguments and list results: concat, stack, addN, split', async () => {
    await useBackend('tensorflow');
    const step = compileStep(
      ([x, y]) => {
        const [left, right] = tf.split(x!, 2, 1);
        return [tf.concat([left!, y!, right!], 1), tf.stack([x!, x!], 2), tf.addN([x!, x!, x!])];
      },
      { name: 'lists' },
    );
    const results = await step.run([matrix([[1, 2]]), matrix([[7]])]);
    expect(read(results)).toEqual([
      [1, 7, 2],
      [1, 1, 2, 2],
      [3, 6],
    ]);
    expect(results.map(({ shape }) => shape)).toEqual([
      [1, 3],
      [1, 2, 2],
      [1, 2],
    ]);
    step.dispose();
  });

  test('replaying gives the same bits every time', async () => {
    await useBackend('tensorflow');
    const step = compileStep(
      ([x, w]) => {
        const loss = (w: tf.Tensor) =>
          tf.mean(tf.square(tf.softmax(tf.matMul(tf.relu(x as tf.Tensor2D), w as tf.Tensor2D))));
        return [tf.sub(w!, tf.grad(loss)(w!))];
      },
      { name: 'repeat' },
    );
    const x = tf.randomNormal([64, 128], 0, 1, 'float32', 1);
    const descend = async () => {
      let weights: tf.Tensor = tf.randomNormal([128, 128], 0, 1, 'float32', 2);
      for (let turn = 0; turn < 25; turn++) weights = (await step.run([x, weights]))[0]!;
      return Buffer.from(weights.dataSync().buffer).toString('base64');
    };
    const first = await descend();
    expect(await descend()).toBe(first);
    expect(await descend()).toBe(first);
    step.dispose();
  });
});
