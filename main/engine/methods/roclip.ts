import * as tf from '@tensorflow/tfjs-core';
import { roclip as definition } from '#contract/methods/roclip.ts';
import { take } from '../clip/parameters.ts';
import { roclipLoss } from '../losses/roclip.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { encodePairs } from './building-blocks/encode-pairs.ts';
import { createMmclObjective } from './building-blocks/pairs-phase.ts';
import { createPool, enterPool } from './building-blocks/pool.ts';
import { implementMethod, joinObjective } from './training-method.ts';

/** Memory `pool`: embeddings of the captions of the latest batches of epochs with matching, [poolSize, embedDim]. */
export const roclip = implementMethod(definition, (settings, context) => {
  const { spec, stepsPerEpoch, seed } = context;
  const batch = {
    pictures: [{ of: 'record', change: settings.viewAugmentation }],
    texts: ['reword'],
    labels: false,
    rows: false,
  } as const;
  return {
    ...trainByAdamw(settings, context),
    phases: {
      match: {
        batch,
        objective(given) {
          const { pairs, logitScale, statistics } = encodePairs(spec.clip, given);
          const pool = take(given.memory, 'pool') as tf.Tensor2D;
          // The captions of the batch have no part in it, and so a gradient of nothing.
          const unused: tf.Scalar = tf.mul(tf.sum(pairs.text), 0);
          return {
            loss: tf.add(roclipLoss(pairs.image, pool, logitScale), unused),
            statistics,
            memory: { pool: enterPool(pool, pairs.text) },
          };
        },
      },
      pairs: { batch, objective: joinObjective(createMmclObjective(spec)) },
    },
    async begin() {
      return { memory: { pool: createPool(settings.poolSize, spec.clip.embedDim, seed, 'captions') } };
    },
    async planEpoch(epoch) {
      const phase = epoch % settings.every === 0 ? 'match' : 'pairs';
      return { stages: [{ phase, steps: stepsPerEpoch, rows: null }] };
    },
  };
});
