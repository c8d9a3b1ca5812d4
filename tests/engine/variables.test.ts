import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { compileStep, type Step } from '#main/engine/compiled-step.ts';
import { createVariables } from '#main/engine/create-variables.ts';
import { currentTensorflow } from '#main/engine/tensorflow/kernel-backend.ts';
import type { Variables } from '#main/engine/variables.ts';
import { listBackends, makeTensor } from './clip/on-backend.ts';

const backends = await listBackends();

/** Variables with these values, each a vector. */
function keep(values: Record<string, number[]>): Variables {
  const variables = createVariables('kept');
  for (const [name, list] of Object.entries(values)) variables.create(name, tf.tensor1d(list));
  return variables;
}

const valuesOf = (variables: Variables, name: string) => [...variables.read(name).dataSync()];

async function runOnce(variables: Variables, step: Step, inputs: tf.Tensor[] = []): Promise<number[][]> {
  const compiled = compileStep(step, { name: 'once', variables });
  const outputs = await compiled.run(inputs);
  compiled.dispose();
  return outputs.map((output) => [...output.dataSync()]);
}

describe.each(backends)('on backend %s', (backend) => {
  test('a step reads what a variable was, also after it said what it will be', async () => {
    await useBackend(backend);
    const variables = keep({ a: [1, 2], b: [10, 20] });
    const swap: Step = (_, state) => {
      state.assign('a', state.read('b'));
      state.assign('b', state.read('a'));
      return [tf.add(state.read('a'), state.read('b'))];
    };
    expect(await runOnce(variables, swap)).toEqual([[11, 22]]);
    expect([valuesOf(variables, 'a'), valuesOf(variables, 'b')]).toEqual([
      [10, 20],
      [1, 2],
    ]);
    variables.dispose();
  });

  test('changes follow each other in the order in which they were asked for', async () => {
    await useBackend(backend);
    const variables = keep({ a: [1, 2] });
    const [seen] = await runOnce(
      variables,
      ([x], state) => {
        state.update('a', (value) => tf.add(value, x!));
        state.update('a', (value) => tf.mul(value, 10));
        state.assign('a', tf.sub(state.read('a'), 5));
        state.update('a', (value) => tf.add(value, 0.5));
        return [state.read('a')];
      },
      [tf.tensor1d([3, 4])],
    );
    expect(seen).toEqual([1, 2]);
    // The assignment is the third change and leaves out what came before: 1 - 5 + 0.5 and 2 - 5 + 0.5.
    expect(valuesOf(variables, 'a')).toEqual([-3.5, -2.5]);
    const compiled = compileStep(
      (_, state) => {
        state.update('a', (value) => tf.add(value, 1));
        state.update('a', (value) => tf.mul(value, 2));
        return [];
      },
      { name: 'twice', variables },
    );
    await compiled.run([]);
    await compiled.run([]);
    // ((-3.5 + 1) 2 + 1) 2 = -8; ((-2.5 + 1) 2 + 1) 2 = -4.
    expect(valuesOf(variables, 'a')).toEqual([-8, -4]);
    compiled.dispose();
    variables.dispose();
  });

  test('what was read outside a step keeps its values; what is written serves the next step', async () => {
    await useBackend(backend);
    const variables = keep({ a: [1, 2] });
    const before = variables.read('a');
    const double: Step = (_, state) => {
      state.update('a', (value) => tf.mul(value, 2));
      return [];
    };
    await runOnce(variables, double);
    expect([...before.dataSync()]).toEqual([1, 2]);
    variables.write('a', tf.tensor1d([7, 8]));
    await runOnce(variables, double);
    expect(valuesOf(variables, 'a')).toEqual([14, 16]);
    expect([...before.dataSync()]).toEqual([1, 2]);
    variables.dispose();
  });

  test('whole numbers stay whole numbers', async () => {
    await useBackend(backend);
    const variables = createVariables('kept');
    variables.create('place', tf.tensor1d([16_777_217, 3], 'int32'));
    await runOnce(variables, (_, state) => {
      state.update('place', (value) => tf.add(value, tf.scalar(1, 'int32')));
      return [];
    });
    expect(valuesOf(variables, 'place')).toEqual([16_777_218, 4]);
    variables.dispose();
  });

  test('two sets of variables with the same names are apart', async () => {
    await useBackend(backend);
    const [one, two] = [keep({ a: [1] }), keep({ a: [2] })];
    await runOnce(one, (_, state) => {
      state.assign('a', tf.tensor1d([3]));
      return [];
    });
    expect([valuesOf(one, 'a'), valuesOf(two, 'a')]).toEqual([[3], [2]]);
    one.dispose();
    expect(valuesOf(two, 'a')).toEqual([2]);
    two.dispose();
  });

  test('a name that is not there, one that is there already, and another shape are refused', async () => {
    await useBackend(backend);
    const variables = keep({ a: [1, 2] });
    expect(() => variables.create('a', tf.zeros([2]))).toThrow(/has a already/);
    expect(() => variables.read('b')).toThrow(/no variable b/);
    expect(() => variables.write('a', tf.zeros([3]))).toThrow(/shape \[2\], not \[3\]/);
    await expect(runOnce(variables, (_, state) => [state.read('b')])).rejects.toThrow(/no variable b/);
    const grow: Step = (_, state) => {
      state.assign('a', tf.zeros([3]));
      return [];
    };
    await expect(runOnce(variables, grow)).rejects.toThrow(/shape \[2\], not \[3\]/);
    expect(valuesOf(variables, 'a')).toEqual([1, 2]);
    variables.dispose();
  });

  test('nothing is left behind', async () => {
    await useBackend(backend);
    const count = () => currentTensorflow()?.binding.getNumOfTensors() ?? tf.memory().numTensors;
    const start = tf.tensor1d([1, 2]);
    const before = count();
    const variables = createVariables('kept');
    variables.create('a', start);
    const compiled = compileStep(
      (_, state) => {
        state.update('a', (value) => tf.add(value, 1));
        return [tf.sum(state.read('a'))];
      },
      { name: 'count', variables },
    );
    for (let turn = 0; turn < 10; turn++) tf.dispose(await compiled.run([]));
    compiled.dispose();
    variables.dispose();
    // The first use of `start` hands its values to TensorFlow.
    expect(count() - before).toBeLessThanOrEqual(1);
    expect(count()).toBe(before + (currentTensorflow() === null ? 0 : 1));
    start.dispose();
  });
});

test.runIf(backends.includes('tensorflow'))(
  'a forward pass of many readers never meets the new value: 100 steps give the bits of the plain ones',
  async () => {
    await useBackend('tensorflow');
    const side = 96;
    const start = makeTensor<tf.Rank.R2>([side, side], 3);
    const step: Step = ([x], state) => {
      const w = state.read('w') as tf.Tensor2D;
      let y = x as tf.Tensor2D;
      // Readers early and late, through a view too.
      for (let layer = 0; layer < 8; layer++) {
        const weights =
          layer % 2 === 0 ? w : (tf.reshape(tf.reshape(w, [side * side]), [side, side]) as tf.Tensor2D);
        y = tf.tanh(tf.mul(tf.matMul(y, weights), 0.1));
      }
      const change = tf.mul(tf.sum(y, 0, true), 0.01);
      state.fused?.shrink('w', tf.scalar(0.01));
      state.update('w', (value) => tf.sub(value, change));
      state.fused?.add('w', tf.tile(tf.mul(change, 0.25), [side, 1]));
      return [tf.sum(y)];
    };
    const run = async () => {
      const variables = createVariables('raced');
      variables.create('w', start);
      const compiled = compileStep(step, { name: 'race', variables });
      const x = makeTensor<tf.Rank.R2>([side, side], 5);
      const sums: number[] = [];
      for (let turn = 0; turn < 100; turn++) {
        const [sum] = await compiled.run([x]);
        sums.push(sum!.dataSync()[0]!);
      }
      const weights = Buffer.from(variables.read('w').dataSync().buffer).toString('base64');
      compiled.dispose();
      variables.dispose();
      return { sums, weights };
    };
    // The same ops one by one, the state handed from call to call.
    const pure = compileStep(
      ([x, w]) => {
        let after: tf.Tensor | null = null;
        const [sum] = step([x!], {
          read: () => w!,
          assign: () => {},
          update: (_, change) => {
            const now = after ?? w!;
            after = change(now);
          },
          fused: {
            add: (_, part) => {
              after = tf.add(after ?? w!, part);
            },
            shrink: (_, share) => {
              after = tf.sub(w!, tf.mul(w!, share));
            },
            adam: () => {},
          },
        });
        return [sum!, after!];
      },
      { name: 'pure' },
    );
    let w: tf.Tensor = start;
    const x = makeTensor<tf.Rank.R2>([side, side], 5);
    const sums: number[] = [];
    for (let turn = 0; turn < 100; turn++) {
      const [sum, next] = await pure.run([x, w]);
      sums.push(sum!.dataSync()[0]!);
      w = next!;
    }
    const expected = { sums, weights: Buffer.from(w.dataSync().buffer).toString('base64') };
    expect(await run()).toEqual(expected);
    expect(await run()).toEqual(expected);
    expect(new Set(sums).size).toBeGreaterThan(50);
  },
);
