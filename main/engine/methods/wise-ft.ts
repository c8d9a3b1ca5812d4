import * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';
import { wiseFt as definition } from '#contract/methods/wise-ft.ts';
import type { Parameters } from '../clip/parameters.ts';
import { trainByAdamw } from './building-blocks/common-training.ts';
import { createPairsPhase } from './building-blocks/pairs-phase.ts';
import { implementMethod } from './training-method.ts';

/** After the last step: mix x finetuned + (1 - mix) x start, tensor by tensor. Batch norms keep the finetuned statistics. */
export const wiseFt = implementMethod(definition, (settings, context) => ({
  ...trainByAdamw(settings, context),
  phases: { pairs: createPairsPhase(settings, context) },
  async finish({ weights, loadStartWeights }) {
    const start = loadStartWeights();
    if (start === null) {
      throw new WorkbenchError(
        'bad-input',
        'WiSE-FT mixes with the model it started from: name one to start from.',
      );
    }
    const mixed: Parameters = {};
    for (const [name, own] of Object.entries(weights.parameters)) {
      const first = start.parameters[name];
      if (first === undefined) continue;
      mixed[name] = tf.tidy(() => tf.add(tf.mul(own, settings.mix), tf.mul(first, 1 - settings.mix)));
    }
    tf.dispose([start.parameters, start.statistics]);
    return mixed;
  },
}));
