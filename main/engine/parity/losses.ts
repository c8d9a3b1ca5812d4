import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { ParityCheck } from '#contract/engine.ts';
import { differentiate } from '../clip/differentiate.ts';
import type { Parameters } from '../clip/parameters.ts';
import { cleanclipLoss, mmclLoss, type PairEmbeddings, selfSupervisedLoss } from '../training/losses.ts';
import { judge, relativeDifference } from './compare.ts';
import { type FixtureTensors, openFixture, parseFixture } from './fixture.ts';
import type { ParityPart } from './part.ts';

const lossTolerance = 1e-5;
const gradientTolerance = 1e-4;

const expectedSchema = z.object({
  logit_scale: z.number(),
  cases: z.record(
    z.string(),
    z.object({
      loss: z.number(),
      logit_scale_grad: z.number(),
      inmodal: z.boolean(),
      inmodal_weight: z.number().default(1),
      /** 0: the self-supervised term alone. */
      clip_weight: z.union([z.literal(0), z.literal(1)]).default(1),
    }),
  ),
});
type LossCase = z.infer<typeof expectedSchema>['cases'][string];

const embeddingNames = ['image', 'text', 'augmented_image', 'augmented_text'];

/** The contrastive losses and their gradients by raw embeddings and logit_scale. */
export const lossesPart: ParityPart = {
  name: 'losses',
  files: ['losses.json', 'losses.safetensors'],
  check: checkLosses,
};

async function checkLosses(folder: string): Promise<ParityCheck[]> {
  const expected = await parseFixture(path.join(folder, 'losses.json'), expectedSchema);
  const tensors = openFixture(path.join(folder, 'losses.safetensors'));
  return Object.entries(expected.cases).flatMap(([name, lossCase]) => {
    const found = runCase(tensors, lossCase, expected.logit_scale);
    const errors = Object.entries(found.gradients).map(([tensor, values]) => {
      if (tensor === 'logit_scale') return relativeDifference(values, [lossCase.logit_scale_grad]);
      return relativeDifference(values, tensors.floats(`${name}.grad.${tensor}`).data);
    });
    const lossError = relativeDifference([found.loss], [lossCase.loss]);
    return [
      judge(`losses/${name}`, lossError, lossTolerance),
      judge(`losses/${name}-gradients`, Math.max(...errors), gradientTolerance),
    ];
  });
}

/** The loss of a case and its gradient by each embedding that the case uses and by logit_scale. */
function runCase(
  fixture: FixtureTensors,
  lossCase: LossCase,
  logitScale: number,
): { loss: number; gradients: Record<string, ArrayLike<number>> } {
  const names = lossCase.inmodal ? embeddingNames : embeddingNames.slice(0, 2);
  return tf.tidy(() => {
    const inputs: Parameters = { logit_scale: tf.scalar(logitScale) };
    for (const name of names) {
      const { data, shape } = fixture.floats(`raw.${name}`);
      inputs[name] = tf.tensor(data, shape);
    }
    const { loss, gradients } = differentiate(inputs, (tensors) => {
      return { loss: computeLoss(lossCase, tensors), extra: {} };
    });
    const values = Object.entries(gradients).map(([name, gradient]) => [name, gradient.dataSync()]);
    return { loss: loss.dataSync()[0]!, gradients: Object.fromEntries(values) };
  });
}

function computeLoss(lossCase: LossCase, tensors: Parameters): tf.Scalar {
  const scale = tensors.logit_scale as tf.Scalar;
  const originals = { image: tensors.image, text: tensors.text } as PairEmbeddings;
  const augmented = { image: tensors.augmented_image, text: tensors.augmented_text } as PairEmbeddings;
  if (!lossCase.inmodal) return mmclLoss(originals, scale);
  if (lossCase.clip_weight === 0) return selfSupervisedLoss(originals, augmented, scale);
  return cleanclipLoss(originals, augmented, scale, lossCase.inmodal_weight);
}
