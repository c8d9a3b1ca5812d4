import type * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import { supervised as definition } from '#contract/methods/supervised.ts';
import { classify, encodeImage } from '../clip/clip.ts';
import { crossEntropy } from '../clip/ops/cross-entropy.ts';
import { take } from '../clip/parameters.ts';
import { createAdamw, referenceAdamw, referenceBetas } from '../training/optimisers/adamw.ts';
import { isHead, trainByAdamw } from './building-blocks/common-training.ts';
import { implementMethod, type Objective } from './training-method.ts';

/** Cross-entropy of a linear head on the image tower (CleanCLIP, section 3.3): `pixels` and `labels` [n]. */
export function createSupervisedObjective({ clip }: ModelSpec): Objective {
  return ({ parameters, statistics: before, batch }) => {
    const pixels = take(batch, 'pixels') as tf.Tensor4D;
    const { embeddings, statistics } = encodeImage(clip, parameters, before, pixels, { training: true });
    const labels = take(batch, 'labels') as tf.Tensor1D;
    return { loss: crossEntropy(classify(parameters, embeddings), labels), statistics };
  };
}

/** As the reference's supervised finetuning decides it: norms decay too. */
const adamwSparingBiases = createAdamw({
  ...referenceBetas,
  decays: (name) => !name.includes('bias'),
});

export const supervised = implementMethod(definition, (settings, context) => ({
  ...trainByAdamw(settings, context),
  optimiser: settings.decayed === 'weights' ? referenceAdamw : adamwSparingBiases,
  isTrained: (name) => name.startsWith('visual.') || isHead(name),
  phases: {
    labelled: {
      batch: {
        pictures: [{ of: 'record', change: settings.imageAugmentation }],
        texts: [],
        labels: true,
        rows: false,
      },
      objective: createSupervisedObjective(context.spec),
    },
  },
}));
