import type * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import { mmcl as definition } from '#contract/methods/mmcl.ts';
import { encodeImage, encodeText } from '../clip/clip.ts';
import { take } from '../clip/parameters.ts';
import { mmclLoss } from '../training/losses.ts';
import { trainByAdamw } from './common-training.ts';
import { implementMethod, type Objective } from './training-method.ts';

/** MMCL on pairs (CleanCLIP, equation 1): `pixels` [n, side, side, 3] and `tokens` [n, length]. */
export function createMmclObjective({ clip }: ModelSpec): Objective {
  return ({ parameters, statistics: before, batch }) => {
    const pixels = take(batch, 'pixels') as tf.Tensor4D;
    const { embeddings: image, statistics } = encodeImage(clip, parameters, before, pixels, {
      training: true,
    });
    const text = encodeText(clip, parameters, take(batch, 'tokens') as tf.Tensor2D);
    return { loss: mmclLoss({ image, text }, take(parameters, 'logit_scale') as tf.Scalar), statistics };
  };
}

export const mmcl = implementMethod(definition, (settings, context) => ({
  ...trainByAdamw(settings, context),
  phases: {
    pairs: {
      batch: {
        pictures: [{ of: 'record', change: settings.imageAugmentation }],
        texts: ['none'],
        labels: false,
        rows: false,
      },
      objective: createMmclObjective(context.spec),
    },
  },
}));
