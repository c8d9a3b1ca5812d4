import type * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { safeclip as definition } from '#contract/methods/safeclip.ts';
import { fitTwoNormals } from '#core/statistics/two-normals.ts';
import { take } from '../clip/parameters.ts';
import { safeclipUnimodalLoss } from '../losses/safeclip.ts';
import { mmclLoss } from '../training/losses.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { createPool, enterPool } from './building-blocks/pool.ts';
import { allPlaces, fillBatch, measurePairs } from './building-blocks/similar-first.ts';
import { encodeTwoViews } from './building-blocks/two-views.ts';
import { implementMethod, type Stage } from './training-method.ts';

const notesSchema = z.object({ safeShare: z.number() }).nullable();

/**
 * Memory `images` and `texts`: the latest embeddings of each modality. Notes hold the safe share of the epoch before.
 * The reference weighs its stages by their pairs; here each gets that part of the epoch's steps.
 */
export const safeclip = implementMethod(definition, (settings, context) => {
  const { spec, stepsPerEpoch, seed } = context;
  const { viewAugmentation: change, warmupEpochs, batchSize, poolSize } = settings;
  const common = trainByAdamw(settings, context);
  const batch = {
    pictures: [
      { of: 'record', change },
      { of: 'record', change },
    ],
    texts: ['reword', 'reword'],
    labels: false,
    rows: false,
  } as const;
  return {
    ...common,
    learningRateAt(step) {
      const slow = Math.floor(step / stepsPerEpoch) === warmupEpochs ? settings.slowFactor : 1;
      return slow * common.learningRateAt(step);
    },
    phases: {
      unimodal: {
        batch,
        objective(given) {
          const { originals, augmented, logitScale, statistics } = encodeTwoViews(spec.clip, given);
          const pool = {
            image: take(given.memory, 'images') as tf.Tensor2D,
            text: take(given.memory, 'texts') as tf.Tensor2D,
          };
          return {
            loss: safeclipUnimodalLoss(originals, augmented, pool, logitScale),
            statistics,
            memory: {
              images: enterPool(pool.image, originals.image),
              texts: enterPool(pool.text, originals.text),
            },
          };
        },
      },
      pairs: {
        batch,
        objective(given) {
          const { originals, augmented, logitScale, statistics } = encodeTwoViews(spec.clip, given);
          const crossed = { image: originals.image, text: augmented.text };
          return { loss: mmclLoss(crossed, logitScale), statistics };
        },
      },
    },
    async begin() {
      const { embedDim } = spec.clip;
      return {
        memory: {
          images: createPool(poolSize, embedDim, seed, 'pictures'),
          texts: createPool(poolSize, embedDim, seed, 'captions'),
        },
      };
    },
    async planEpoch(epoch, notes, tools) {
      const whole = (phase: string): Stage => ({ phase, steps: stepsPerEpoch, rows: null });
      if (epoch < warmupEpochs) return { stages: [whole('unimodal')] };
      if (epoch === warmupEpochs) return { stages: [whole('pairs')] };
      const similarities = await measurePairs(tools);
      const probabilities = fitTwoNormals(similarities).map(({ high }) => high);
      const places = allPlaces(tools).sort(
        (a, b) => probabilities[b]! - probabilities[a]! || similarities[b]! - similarities[a]! || a - b,
      );
      const before = notesSchema.parse(notes);
      const first = probabilities.filter((value) => value >= settings.safeProbability).length / places.length;
      const safeShare = Math.min(
        settings.mostSafe,
        before === null ? first : before.safeShare + settings.growth,
      );
      const safeCount = Math.max(Math.min(batchSize, places.length), Math.round(safeShare * places.length));
      const safe = places.slice(0, safeCount);
      const risky = places.slice(safeCount);
      const riskySteps = Math.min(
        stepsPerEpoch - 1,
        Math.round((stepsPerEpoch * risky.length) / places.length),
      );
      const stages: Stage[] = [
        ...(riskySteps === 0
          ? []
          : [{ phase: 'unimodal', steps: riskySteps, rows: fillBatch(risky, batchSize) }]),
        { phase: 'pairs', steps: stepsPerEpoch - riskySteps, rows: fillBatch(safe, batchSize) },
      ];
      return { stages, notes: { safeShare } };
    },
  };
});
