import { z } from 'zod';
import { loopShape } from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

/** A linear head on a frozen image tower. */
export const linearProbe = defineMethod({
  label: 'Linear probe',
  summary: 'A linear head on features of the frozen image tower, which are computed once.',
  source: 'CleanCLIP (arXiv 2303.03323), appendix; settings of its code (nishadsinghi/CleanCLIP@d6e2f1d)',
  role: 'head',
  settings: z.strictObject(loopShape),
  presets: [
    {
      name: 'Authors',
      start: 'model',
      settings: {
        epochs: 10,
        batchSize: 80,
        learningRate: 0.005,
        warmupSteps: 0,
        schedule: 'cosine',
        weightDecay: 0.01,
      },
      fraction: 1,
      source: 'nishadsinghi/CleanCLIP@d6e2f1d',
    },
  ],
  needs: { ...pairNeeds, labels: true, pairs: false, head: true, startModel: true },
  cost: { passes: { image: 0, text: 0 }, passesBefore: 1, parameterCopies: 0 },
});
