import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { abl as definition } from '#contract/methods/abl.ts';
import { driveCosines } from '../losses/unlearn.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { encodePairs } from './building-blocks/encode-pairs.ts';
import { createPairsPhase } from './building-blocks/pairs-phase.ts';
import { allPlaces, fillBatch, measurePairs, sortBySimilarity } from './building-blocks/similar-first.ts';
import { implementMethod, type Stage } from './training-method.ts';

const notesSchema = z.object({ isolated: z.array(z.number().int()) }).nullable();

/** Notes hold the places of the pairs that were isolated. */
export const abl = implementMethod(definition, (settings, context) => {
  const { batchSize, epochs, isolationEpochs, isolatedFraction, unlearnEpochs } = settings;
  const { stepsPerEpoch, spec } = context;
  return {
    ...trainByAdamw(settings, context),
    phases: {
      pairs: createPairsPhase(settings, context),
      apart: {
        batch: createPairsPhase(settings, context).batch,
        objective(given) {
          const { pairs, logitScale, statistics } = encodePairs(spec.clip, given);
          // The scale has no part in it, and so a gradient of nothing.
          const loss: tf.Scalar = tf.add(driveCosines(pairs, 'apart'), tf.mul(logitScale, 0));
          return { loss, statistics };
        },
      },
    },
    async planEpoch(epoch, notes, tools) {
      const whole: Stage = { phase: 'pairs', steps: stepsPerEpoch, rows: null };
      if (epoch < isolationEpochs) return { stages: [whole] };
      const all = allPlaces(tools);
      const isolated =
        notesSchema.parse(notes)?.isolated ??
        sortBySimilarity(all, await measurePairs(tools)).slice(
          0,
          Math.max(1, Math.round(isolatedFraction * all.length)),
        );
      const chosen = new Set(isolated);
      const rest = fillBatch(
        all.filter((place) => !chosen.has(place)),
        batchSize,
      );
      const apart = epoch < epochs - unlearnEpochs ? 0 : Math.floor(stepsPerEpoch / 2);
      const stages: Stage[] = [
        { phase: 'pairs', steps: stepsPerEpoch - apart, rows: rest },
        ...(apart === 0 ? [] : [{ phase: 'apart', steps: apart, rows: fillBatch(isolated, batchSize) }]),
      ];
      return { stages, notes: { isolated } };
    },
  };
});
