import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { rvptLoss } from '#main/engine/losses/rvpt.ts';
import { listBackends, runOn } from '../clip/on-backend.ts';

test.each(await listBackends())(
  'cross-entropy and the mean cosine of class tokens, by hand, on %s',
  async (name) => {
    const [whole, alone] = await runOn(name, () => {
      const inputs = {
        // Of length 1 after normalising: (1, 0) and (0, 1).
        images: tf.tensor2d([2, 0, 0, 3], [2, 2]),
        classes: tf.tensor2d([1, 0, 0, 1], [2, 2]),
        labels: tf.tensor1d([0, 0], 'int32'),
        logitScale: tf.scalar(Math.log(2)),
        // Block 1: cosines 1 and 0; block 2: cosines -1 and 1.
        tokens: [tf.tensor2d([1, 0, 5, 0], [2, 2]), tf.tensor2d([0, 1, 1, 1], [2, 2])],
        oldTokens: [tf.tensor2d([3, 0, 0, 2], [2, 2]), tf.tensor2d([0, -4, 2, 2], [2, 2])],
      };
      return [rvptLoss(inputs, 2), rvptLoss(inputs, 0)];
    });
    // Logits (2, 0) and (0, 2), both of class 0: the mean of ln(1 + e^-2) and ln(1 + e^2). Repulsion: (1 + 0 - 1 + 1) / 4.
    const supervised = (Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(2))) / 2;
    expect(alone![0]).toBeCloseTo(supervised, 5);
    expect(whole![0]).toBeCloseTo(supervised + 2 * 0.25, 5);
  },
);
