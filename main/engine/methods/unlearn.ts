import * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';
import { unlearn as definition } from '#contract/methods/unlearn.ts';
import { lookUp } from '../clip/ops/embedding.ts';
import { take } from '../clip/parameters.ts';
import { unlearnMarkedLoss } from '../losses/unlearn.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { encodePairs } from './building-blocks/encode-pairs.ts';
import { createPairsPhase } from './building-blocks/pairs-phase.ts';
import { implementMethod } from './training-method.ts';

/** Each batch holds clean pairs and the poison that the seed brings into it; a constant marks which is which. */
export const unlearn = implementMethod(definition, (settings, context) => ({
  ...trainByAdamw(settings, context),
  phases: {
    pairs: {
      batch: { ...createPairsPhase(settings, context).batch, rows: true },
      objective(given) {
        const { pairs, logitScale, statistics } = encodePairs(context.spec.clip, given);
        const rows = take(given.batch, 'rows') as tf.Tensor1D;
        const marks = lookUp(take(given.constants, 'poisoned') as tf.Tensor2D, rows);
        const poisoned: tf.Tensor1D = tf.reshape(marks, [pairs.image.shape[0]]);
        return { loss: unlearnMarkedLoss(pairs, poisoned, logitScale, settings), statistics };
      },
    },
  },
  async createConstants({ records }) {
    const marks = Float32Array.from(records, ({ poisoned }) => Number(poisoned));
    if (!marks.includes(1)) {
      const message =
        'None of the training pairs is known as poisoned, so there is nothing to unlearn: train on the poisoned variant.';
      throw new WorkbenchError('bad-input', message, { records: records.length });
    }
    return { poisoned: tf.tensor2d(marks, [records.length, 1]) };
  },
}));
