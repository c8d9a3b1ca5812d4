import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { ClipConfig } from '#contract/clip-config.ts';
import { useBackend } from '#main/engine/backend.ts';
import { specify } from '#main/engine/clip/architectures.ts';
import { initialise } from '#main/engine/clip/initialise.ts';

beforeAll(() => useBackend('cpu'));

const demo = specify(
  'demo',
  Array.from({ length: 400 }, (_, id) => id),
);

/** A published architecture's rules on a model small enough to draw in a test. */
const tinyConfig: ClipConfig = {
  embedDim: 32,
  image: {
    kind: 'modified-resnet',
    resolution: 32,
    layers: [1, 1, 1, 1],
    width: 32,
    stem: 'clip',
    pooling: { kind: 'attention', heads: 4 },
  },
  text: { contextLength: 16, vocabularySize: 200, width: 128, heads: 2, layers: 3 },
};
const published = { ...specify('RN50', null), clip: tinyConfig };

function describeValues(tensor: Tensor | undefined): { mean: number; deviation: number; largest: number } {
  const values = tensor!.dataSync() as Float32Array;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { mean, deviation: Math.sqrt(variance), largest };
}

test('a seed gives the same weights each time, and another seed others', () => {
  const read = (seed: number) =>
    Array.from(initialise(demo, seed).parameters['visual.conv1.weight']!.dataSync());
  expect(read(5)).toEqual(read(5));
  expect(read(5)).not.toEqual(read(6));
});

test('the demo follows its recipe: tables normal, layers uniform as PyTorch has them, norms 1 and 0', () => {
  const { parameters, statistics } = initialise(demo, 0);
  const shape = (name: string) => describeValues(parameters[name]);
  expect(shape('token_embedding.weight').deviation).toBeCloseTo(0.02, 3);
  expect(shape('positional_embedding').deviation).toBeCloseTo(0.01, 3);
  expect(shape('text_projection').deviation).toBeCloseTo(1 / Math.sqrt(128), 2);
  // PyTorch's default for linear layers and convolutions: uniform within 1 / sqrt(inputs), deviation a sqrt(3)-th of it.
  for (const [name, inputs] of [
    ['visual.proj.weight', 256],
    ['visual.proj.bias', 256],
    ['visual.layer3.0.conv2.weight', 64 * 9],
    ['transformer.resblocks.0.mlp.c_proj.weight', 512],
  ] as const) {
    const bound = 1 / Math.sqrt(inputs);
    expect(shape(name).largest).toBeLessThanOrEqual(bound);
    expect(shape(name).deviation / (bound / Math.sqrt(3))).toBeCloseTo(1, name.endsWith('bias') ? 0 : 1);
  }
  // MultiheadAttention: Xavier over [384, 128], biases 0.
  expect(shape('transformer.resblocks.1.attn.in_proj_weight').largest).toBeLessThanOrEqual(
    Math.sqrt(6 / 512),
  );
  expect(shape('transformer.resblocks.1.attn.in_proj_weight').largest).toBeGreaterThan(
    0.99 * Math.sqrt(6 / 512),
  );
  expect(shape('transformer.resblocks.1.attn.in_proj_bias').largest).toBe(0);
  expect(shape('visual.layer2.0.downsample.1.weight')).toEqual({ mean: 1, deviation: 0, largest: 1 });
  expect(shape('visual.layer2.0.bn3.bias').largest).toBe(0);
  expect(parameters.logit_scale!.dataSync()[0]).toBeCloseTo(Math.log(1 / 0.07), 5);
  expect(describeValues(statistics['visual.bn1.running_mean']).largest).toBe(0);
  expect(describeValues(statistics['visual.bn1.running_var'])).toEqual({ mean: 1, deviation: 0, largest: 1 });
});

test("published models follow OpenAI's rules", () => {
  const { parameters } = initialise(published, 0);
  const deviation = (name: string) => describeValues(parameters[name]).deviation;
  expect(deviation('transformer.resblocks.2.attn.in_proj_weight') * Math.sqrt(128)).toBeCloseTo(1, 1);
  expect(deviation('transformer.resblocks.2.attn.out_proj.weight') * Math.sqrt(128 * 6)).toBeCloseTo(1, 1);
  expect(deviation('transformer.resblocks.2.mlp.c_fc.weight') * Math.sqrt(256)).toBeCloseTo(1, 1);
  expect(deviation('transformer.resblocks.2.mlp.c_proj.weight') * Math.sqrt(128 * 6)).toBeCloseTo(1, 1);
  expect(deviation('visual.attnpool.q_proj.weight') * Math.sqrt(1024)).toBeCloseTo(1, 1);
  expect(describeValues(parameters['visual.layer4.0.bn3.weight']).largest).toBe(0);
  expect(describeValues(parameters['visual.bn3.weight']).largest).toBe(1);
});
