import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '#core/random/random.ts';
import { useBackend } from '#main/engine/backend.ts';
import { differentiate } from '#main/engine/clip/differentiate.ts';
import { unlearnLoss, unlearnMarkedLoss } from '#main/engine/losses/unlearn.ts';

beforeAll(() => useBackend('tensorflow'));

const [count, dim] = [10, 6];
const poison = [2, 3, 7];
const rest = [0, 1, 4, 5, 6, 8, 9];

function draw(name: string): tf.Tensor2D {
  const random = createRandom('unlearn', name);
  return tf.tensor2d(
    Float32Array.from({ length: count * dim }, () => random.normal()),
    [count, dim],
  );
}

test.each(['apart', 'reference'] as const)(
  'marked poison in one batch is as poison and rest apart, with the same gradients (%s)',
  (form) => {
    tf.tidy(() => {
      const given = { image: draw('image'), text: draw('text'), scale: tf.scalar(2.5) };
      const settings = { form, weight: 0.7 };
      const marks = tf.tensor1d(Array.from({ length: count }, (_, row) => Number(poison.includes(row))));
      const marked = differentiate(given, ({ image, text, scale }) => ({
        loss: unlearnMarkedLoss(
          { image: image as tf.Tensor2D, text: text as tf.Tensor2D },
          marks,
          scale as tf.Scalar,
          settings,
        ),
        extra: {},
      }));
      const take = (tensor: tf.Tensor, rows: number[]) => tf.gather(tensor as tf.Tensor2D, rows);
      const apart = differentiate(given, ({ image, text, scale }) => ({
        loss: unlearnLoss(
          { image: take(image!, rest), text: take(text!, rest) },
          { image: take(image!, poison), text: take(text!, poison) },
          scale as tf.Scalar,
          settings,
        ),
        extra: {},
      }));
      expect(marked.loss.dataSync()[0]).toBeCloseTo(apart.loss.dataSync()[0]!, 5);
      for (const name of ['image', 'text', 'scale']) {
        const wanted = apart.gradients[name]!.dataSync();
        for (const [at, value] of marked.gradients[name]!.dataSync().entries())
          expect(value).toBeCloseTo(wanted[at]!, 5);
      }
    });
  },
);

test('a batch without poison is MMCL on all of it', () => {
  tf.tidy(() => {
    const pairs = { image: draw('image'), text: draw('text') };
    const none = tf.zeros([count]) as tf.Tensor1D;
    const settings = { form: 'apart', weight: 5 } as const;
    const found = unlearnMarkedLoss(pairs, none, tf.scalar(2.5), settings).dataSync()[0]!;
    const noPoison = {
      image: tf.ones([1, dim]) as tf.Tensor2D,
      text: tf.neg(tf.ones([1, dim])) as tf.Tensor2D,
    };
    // A pair that is as far apart as can be adds nothing.
    expect(found).toBeCloseTo(unlearnLoss(pairs, noPoison, tf.scalar(2.5), settings).dataSync()[0]!, 5);
  });
});
