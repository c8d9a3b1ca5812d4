import * as tf from '@tensorflow/tfjs-core';
import type { ClipConfig } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { rvpt as definition } from '#contract/methods/rvpt.ts';
import { classEmbeddings } from '#core/statistics/zero-shot.ts';
import { learningRateAt } from '#core/training/schedule.ts';
import { encodeImage } from '../clip/clip.ts';
import { take } from '../clip/parameters.ts';
import { promptPrefix } from '../clip/vit.ts';
import { rvptLoss } from '../losses/rvpt.ts';
import { createSgd } from '../training/optimisers/sgd.ts';
import { implementMethod, type StepInputs } from './training-method.ts';

/** Momentum of CoOp's training loop, whose rate and schedule the paper has; it names none itself. */
const optimiser = createSgd({ momentum: 0.9, decays: () => false });

/** Only the prompts are trained, by SGD along a cosine. Constants: what stands for each class, by the dataset's prompts. */
export const rvpt = implementMethod(definition, (settings, context) => {
  const { spec, totalSteps, classes, promptTexts } = context;
  const { clip } = spec;
  const { learningRate: base, firstLayer, weight } = settings;
  return {
    isTrained: (name) => name.startsWith(promptPrefix),
    optimiser,
    weightDecay: 0,
    learningRateAt: (step) => learningRateAt({ base, warmupSteps: 0, totalSteps, schedule: 'cosine' }, step),
    phases: {
      labelled: {
        batch: { pictures: [{ of: 'record', change: 'none' }], texts: [], labels: true, rows: false },
        objective(given) {
          const { parameters, statistics, batch, constants } = given;
          const { embeddings, tokens } = encodeWatched(clip, given, firstLayer);
          const loss = rvptLoss(
            {
              images: embeddings,
              tokens,
              oldTokens: encodeWatched(withoutPrompts(clip), given, firstLayer).tokens,
              classes: take(constants, 'classes') as tf.Tensor2D,
              labels: take(batch, 'labels') as tf.Tensor1D,
              logitScale: take(parameters, 'logit_scale') as tf.Scalar,
            },
            weight,
          );
          return { loss, statistics };
        },
      },
    },
    async createConstants({ embedTexts }) {
      if (promptTexts.length === 0 || classes.length === 0) {
        throw new WorkbenchError(
          'bad-input',
          'RVPT compares pictures with class names: choose a dataset with classes.',
        );
      }
      const prompts = promptTexts.length / classes.length;
      const byClass = classes.flatMap((_, place) =>
        Array.from({ length: prompts }, (_, prompt) => promptTexts[prompt * classes.length + place] ?? ''),
      );
      const rows = classEmbeddings(await embedTexts(byClass), classes.length, prompts, clip.embedDim);
      return { classes: tf.tensor2d(rows, [classes.length, clip.embedDim]) };
    },
  };
});

/** Embeddings of a batch, and the class tokens after each block from the first one on. */
function encodeWatched(
  clip: ClipConfig,
  { parameters, statistics, batch }: StepInputs,
  firstLayer: number,
): { embeddings: tf.Tensor2D; tokens: tf.Tensor2D[] } {
  const tokens: tf.Tensor2D[] = [];
  const classToken = (layer: number, token: tf.Tensor2D) => {
    if (layer >= firstLayer) tokens.push(token);
  };
  const pixels = take(batch, 'pixels') as tf.Tensor4D;
  const options = { training: false, watch: { classToken } };
  const { embeddings } = encodeImage(clip, parameters, statistics, pixels, options);
  return { embeddings, tokens };
}

function withoutPrompts(clip: ClipConfig): ClipConfig {
  if (clip.image.kind !== 'vit') return clip;
  const { prompts: _, ...image } = clip.image;
  return { ...clip, image };
}
