import * as tf from '@tensorflow/tfjs-core';
import { shrinkPerturb as definition } from '#contract/methods/shrink-perturb.ts';
import { createRandom } from '#core/random/random.ts';
import type { Parameters } from '../clip/parameters.ts';
import { decays } from '../training/optimisers/adamw.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { createPairsPhase } from './building-blocks/pairs-phase.ts';
import { implementMethod } from './training-method.ts';

/** Before the first step: shrink x weight + noise x N(0, 1), for each weight that weight decay applies to. */
export const shrinkPerturb = implementMethod(definition, (settings, context) => ({
  ...trainByAdamw(settings, context),
  phases: { pairs: createPairsPhase(settings, context) },
  async begin({ weights }) {
    const parameters: Parameters = {};
    for (const [name, tensor] of Object.entries(weights.parameters)) {
      if (!decays(name)) continue;
      const random = createRandom('shrink and perturb', context.seed, name);
      const values = Float32Array.from(
        (await tensor.data()) as Float32Array,
        (value) => settings.shrink * value + settings.noise * random.normal(),
      );
      parameters[name] = tf.tensor(values, tensor.shape);
    }
    return { parameters };
  },
}));
