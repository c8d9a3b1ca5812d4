import type { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { par as definition } from '#contract/methods/par.ts';
import { parLoss } from '../losses/par.ts';
import { createAdamw, decays } from '../training/optimisers/adamw.ts';
import { encodePairs } from './building-blocks/encode-pairs.ts';
import { implementMethod, type Tensors } from './training-method.ts';

/** Betas of PAR; what has one dimension does not decay, named here where the reference's names do not say it. */
const optimiser = createAdamw({
  meanDecay: 0.9,
  varianceDecay: 0.98,
  epsilon: 1e-8,
  decays: (name) => decays(name) && !name.endsWith('class_embedding') && !name.includes('downsample.1'),
});

const frozenParameters = 'frozen parameters: ';
const frozenStatistics = 'frozen statistics: ';

/** Constants: the poisoned model as it was, read by its running statistics. The logit scale is not trained. */
export const par = implementMethod(definition, (settings, { spec, totalSteps }) => ({
  isTrained: (name) => name !== 'logit_scale',
  optimiser,
  weightDecay: settings.weightDecay,
  learningRateAt: (step) => parRate(settings, step, totalSteps),
  phases: {
    pairs: {
      batch: {
        pictures: [{ of: 'record', change: 'noise-and-hole' }],
        texts: ['none'],
        labels: false,
        rows: false,
      },
      objective(given) {
        const { pairs, logitScale, statistics } = encodePairs(spec.clip, given);
        const old = {
          parameters: pick(given.constants, frozenParameters),
          statistics: pick(given.constants, frozenStatistics),
          batch: given.batch,
        };
        const { pairs: frozen } = encodePairs(spec.clip, old, false);
        return { loss: parLoss(pairs, frozen, logitScale, settings.threshold), statistics };
      },
    },
  },
  async createConstants({ loadStartWeights }) {
    const start = loadStartWeights();
    if (start === null) {
      throw new WorkbenchError(
        'bad-input',
        'PAR pushes away from the model it starts from: name one to start from.',
      );
    }
    return {
      ...prefix(start.parameters, frozenParameters),
      ...prefix(start.statistics, frozenStatistics),
    };
  },
}));

type ParSettings = z.output<typeof definition.settings>;

/** From the rate to a tenth of it over the first half of all steps, in a straight line; then along a cosine to 1e-9. */
export function parRate(
  { learningRate }: Pick<ParSettings, 'learningRate'>,
  step: number,
  totalSteps: number,
): number {
  const half = totalSteps / 2;
  const low = learningRate / 10;
  if (step < half) return learningRate + ((low - learningRate) * step) / half;
  const last = 1e-9;
  return last + ((low - last) * (1 + Math.cos((Math.PI * (step - half)) / half))) / 2;
}

function prefix(tensors: Tensors, word: string): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [word + name, tensor]));
}

function pick(tensors: Tensors, word: string): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(word) ? [[name.slice(word.length), tensor]] : [],
    ),
  );
}
