import * as tf from '@tensorflow/tfjs-core';
import { linearProbe as definition } from '#contract/methods/linear-probe.ts';
import { classify } from '../clip/clip.ts';
import { crossEntropy } from '../clip/ops/cross-entropy.ts';
import { lookUp } from '../clip/ops/embedding.ts';
import { take } from '../clip/parameters.ts';
import { isHead, trainByAdamw } from './building-blocks/common-training.ts';
import { implementMethod } from './training-method.ts';

/** Features of the frozen image tower, not normalised, are computed once; only the head is trained on them. */
export const linearProbe = implementMethod(definition, (settings, context) => {
  const { embedDim } = context.spec.clip;
  return {
    ...trainByAdamw(settings, context),
    isTrained: isHead,
    phases: {
      head: {
        batch: { pictures: [], texts: [], labels: true, rows: true },
        objective({ parameters, statistics, batch, constants }) {
          const rows = take(batch, 'rows') as tf.Tensor1D;
          const features = lookUp(take(constants, 'features') as tf.Tensor2D, rows);
          const labels = take(batch, 'labels') as tf.Tensor1D;
          return { loss: crossEntropy(classify(parameters, features), labels), statistics };
        },
      },
    },
    async createConstants({ records, embedPictures }) {
      return { features: tf.tensor2d(await embedPictures(), [records.length, embedDim]) };
    },
  };
});
