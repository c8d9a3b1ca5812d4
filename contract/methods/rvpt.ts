import { z } from 'zod';
import { WorkbenchError } from '../errors.ts';
import { loopShape } from './common-settings.ts';
import { defineMethod } from './method-definition.ts';
import { pairNeeds } from './needs.ts';

/** Repulsive visual prompt tuning: learned tokens that push class tokens away from what the poisoned tower makes of them. */
export const rvpt = defineMethod({
  label: 'RVPT',
  summary:
    'Learned tokens in the later blocks of a ViT, from a few labelled pictures a class, push its class tokens away from those of the poisoned model; the model itself stays as it is.',
  source: 'Repulsive Visual Prompt Tuning (NeurIPS 2025, arXiv 2412.20392), sections 4 and C',
  role: 'repair',
  settings: z.strictObject({
    epochs: loopShape.epochs,
    batchSize: loopShape.batchSize,
    learningRate: loopShape.learningRate,
    shots: z.number().int().min(1).meta({
      title: 'Shots',
      description: 'Labelled pictures of each class that are trained on, drawn by the seed.',
    }),
    prompts: z.number().int().min(1).meta({
      title: 'Prompts',
      description: 'Learned tokens in each block.',
    }),
    firstLayer: z.number().int().min(0).meta({
      title: 'First block',
      description: 'The first block of the image tower that gets them, counted from 0.',
    }),
    weight: z.number().min(0).meta({
      title: 'Repulsion',
      description: 'Weight of the mean cosine to the poisoned class tokens, beside the cross-entropy.',
      step: 0.5,
    }),
  }),
  presets: [
    {
      name: 'Authors',
      start: 'model',
      settings: {
        epochs: 50,
        batchSize: 32,
        learningRate: 0.002,
        shots: 16,
        prompts: 50,
        firstLayer: 3,
        weight: 2,
      },
      fraction: 1,
      source: 'arXiv 2412.20392, section 5.1 and appendix C',
    },
    {
      name: 'Quick',
      start: 'model',
      settings: {
        epochs: 10,
        batchSize: 32,
        learningRate: 0.01,
        shots: 4,
        prompts: 8,
        firstLayer: 1,
        weight: 2,
      },
      fraction: 1,
      source: 'Ours, for small ViTs and a first look',
    },
  ],
  needs: { ...pairNeeds, labels: true, pairs: false, startModel: true, imageTowers: ['vit'] },
  cost: { passes: { image: 2, text: 0 }, passesBefore: 0, parameterCopies: 0 },
  picturesPerClass: ({ shots }) => shots,
  reshape(clip, { prompts: count, firstLayer: fromLayer }) {
    const { image } = clip;
    if (image.kind !== 'vit') {
      throw new WorkbenchError('bad-input', 'RVPT works on ViTs: this image tower is a ModifiedResNet.');
    }
    if (image.prompts !== undefined) {
      throw new WorkbenchError(
        'bad-input',
        'The model has learned tokens already: start from the model that they were added to.',
      );
    }
    if (fromLayer >= image.layers) {
      throw new WorkbenchError(
        'bad-input',
        `The image tower has ${image.layers} blocks, from 0 to ${image.layers - 1}: choose one of them as the first block (--first-layer).`,
        { layers: image.layers, firstLayer: fromLayer },
      );
    }
    return { ...clip, image: { ...image, prompts: { count, fromLayer } } };
  },
});
