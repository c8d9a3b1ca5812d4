import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { ModelSpec } from '#contract/clip-config.ts';
import { saveWeights } from '#main/engine/checkpoints/weights.ts';
import { initialise } from '#main/engine/clip/initialise.ts';

const text = { contextLength: 77, vocabularySize: 49408, width: 8, heads: 1, layers: 1 };

/** Small CLIPs that read all of CLIP's tokens, as published ones do. */
export const tinyShapes = {
  vit: {
    embedDim: 8,
    image: { kind: 'vit', resolution: 12, patchSize: 4, width: 16, layers: 1, heads: 1 },
    text,
  },
  resnet: {
    embedDim: 8,
    image: {
      ...{ kind: 'modified-resnet', resolution: 32, layers: [1, 1, 1, 1], width: 8, stem: 'clip' },
      pooling: { kind: 'attention', heads: 4 },
    },
    text,
  },
} as const satisfies Record<string, unknown>;

/** Writes random weights with OpenAI's names into `folder`, as most publish them: nothing says the activation. */
export async function writeTinyClip(
  folder: string,
  kind: keyof typeof tinyShapes,
  seed = 1,
): Promise<string> {
  await tf.setBackend('cpu');
  const shape = tinyShapes[kind];
  const spec: ModelSpec = {
    // Whose rules for random weights are followed.
    architecture: kind === 'vit' ? 'ViT-B/32' : 'RN50',
    clip: structuredClone(shape) as ModelSpec['clip'],
    vocabulary: null,
    headClasses: null,
  };
  const weights = initialise(spec, seed);
  const file = path.join(folder, `tiny-${kind}.safetensors`);
  await saveWeights(file, weights);
  tf.dispose([weights.parameters, weights.statistics]);
  return file;
}
