import { z } from 'zod';
import { progressive as definition } from '#contract/methods/progressive.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { createPairsPhase } from './building-blocks/pairs-phase.ts';
import { allPlaces, measurePairs, sortBySimilarity } from './building-blocks/similar-first.ts';
import { implementMethod } from './training-method.ts';

const notesSchema = z.object({ left: z.array(z.number().int()) }).nullable();

/** Notes hold the places of the pairs that are left. */
export const progressive = implementMethod(definition, (settings, context) => ({
  ...trainByAdamw(settings, context),
  phases: { pairs: createPairsPhase(settings, context) },
  async planEpoch(epoch, notes, tools) {
    const before = notesSchema.parse(notes)?.left ?? allPlaces(tools);
    const stage = (left: readonly number[]) => ({
      phase: 'pairs',
      steps: context.stepsPerEpoch,
      rows: Int32Array.from(left),
    });
    if (epoch < settings.firstEpoch) return { stages: [stage(before)], notes: { left: before } };
    const sorted = sortBySimilarity(before, await measurePairs(tools));
    // What is left fills a batch at least.
    const drop = Math.min(
      Math.ceil(settings.removeFraction * before.length),
      Math.max(0, before.length - settings.batchSize),
    );
    const left = sorted.slice(drop).sort((a, b) => a - b);
    return { stages: [stage(left)], notes: { left } };
  },
}));
