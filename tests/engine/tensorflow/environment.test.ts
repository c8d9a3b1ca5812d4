import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { returnFreedMemory } from '#main/engine/tensorflow/allocator.ts';

const megabytes = () => process.memoryUsage().rss / 1024 / 1024;

test('oneDNN is on whatever the processor, and the backend says so', async () => {
  expect(await useBackend('tensorflow')).toMatchObject({ backend: 'tensorflow', oneDnn: true });
  expect(await useBackend('wasm')).not.toHaveProperty('oneDnn');
});

test.runIf(process.platform === 'linux')(
  'what TensorFlow frees is kept for the next step, without new page faults, and handed back on request',
  async () => {
    await useBackend('tensorflow');
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    const side = 4096;
    const x = tf.ones([side, side]); // 64 MB
    const square = () => tf.square(x).dispose();
    for (let turn = 0; turn < 3; turn++) square();
    const before = process.resourceUsage().minorPageFault;
    for (let turn = 0; turn < 20; turn++) square();
    // 20 buffers of 64 MB are 327,680 pages, were they mapped anew each time.
    expect(process.resourceUsage().minorPageFault - before).toBeLessThan(20_000);
    const kept = megabytes();
    x.dispose();
    returnFreedMemory();
    expect(kept - megabytes()).toBeGreaterThan(60);
  },
);
