import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { cleanclipLoss, mmclLoss, selfSupervisedLoss } from '#main/engine/training/losses.ts';
import { listBackends, makeTensor, runOn } from '../clip/on-backend.ts';

const backends = await listBackends();
const pairs = (seed: number) => ({
  image: makeTensor<tf.Rank.R2>([5, 8], seed),
  text: makeTensor<tf.Rank.R2>([5, 8], seed + 1),
});

describe.each(backends)('on backend %s', (backend) => {
  test('orthogonal pairs of any length give log(1 + (n - 1) exp(-scale))', async () => {
    const compute = () => {
      const image = tf.mul(tf.eye(3), tf.tensor2d([[1], [20], [0.3]])) as tf.Tensor2D;
      const text = tf.mul(tf.eye(3), 5) as tf.Tensor2D;
      const scale = tf.scalar(Math.log(2));
      return [mmclLoss({ image, text }, scale), selfSupervisedLoss({ image, text }, { image, text }, scale)];
    };
    const expected = expect.closeTo(Math.log(1 + 2 * Math.exp(-2)), 5);
    expect(await runOn(backend, compute)).toEqual([[expected], [expected]]);
  });

  test('the CleanCLIP loss is MMCL plus lambda times the self-supervised loss', async () => {
    const compute = () => {
      const [originals, views, scale] = [pairs(1), pairs(4), tf.scalar(1.5)];
      return [
        cleanclipLoss(originals, views, scale, 4),
        mmclLoss(originals, scale),
        selfSupervisedLoss(originals, views, scale),
      ];
    };
    const [all, mmcl, selfSupervised] = (await runOn(backend, compute)).flat();
    expect(all).toBeCloseTo(mmcl! + 4 * selfSupervised!, 4);
  });

  test('exchanging images and texts leaves MMCL as it is; the self-supervised loss has a direction', async () => {
    const compute = () => {
      const [originals, views, scale] = [pairs(1), pairs(4), tf.scalar(1.5)];
      const exchanged = { image: originals.text, text: originals.image };
      return [
        mmclLoss(originals, scale),
        mmclLoss(exchanged, scale),
        selfSupervisedLoss(originals, views, scale),
        selfSupervisedLoss(views, originals, scale),
      ];
    };
    const [mmcl, swapped, forwards, backwards] = (await runOn(backend, compute)).flat();
    expect(mmcl).toBeCloseTo(swapped!, 5);
    expect(Math.abs(forwards! - backwards!)).toBeGreaterThan(1e-3);
  });
});
