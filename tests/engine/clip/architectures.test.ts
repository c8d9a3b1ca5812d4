import { expect, test } from 'vitest';
import { architectureNames } from '#contract/architectures.ts';
import { findArchitecture, specify } from '#main/engine/clip/architectures.ts';
import { describeModel } from '#main/engine/clip/clip.ts';

function countParameters(name: string): number {
  const { parameters } = describeModel(specify(name, null));
  return Object.values(parameters).reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

// The counts that OpenAI's published models have (open_clip, docs/model_profile.csv, in millions; ViT-B/32 to the last one).
test.each([
  ['RN50', 102.01],
  ['RN101', 119.69],
  ['RN50x4', 178.3],
  ['ViT-B/32', 151.277313],
])('%s has the published number of parameters', (name, millions) => {
  expect(countParameters(name) / 1e6).toBeCloseTo(millions, 2);
});

test('the demo model has the shapes of its recipe', () => {
  const { parameters, statistics } = describeModel(specify('demo', [0, 1, 2], ['cat', 'dog']));
  expect(parameters).toMatchObject({
    'visual.conv1.weight': [3, 3, 3, 8],
    'visual.conv2.weight': [3, 3, 8, 16],
    'visual.layer1.0.conv1.weight': [1, 1, 16, 16],
    'visual.layer3.0.conv3.weight': [1, 1, 64, 256],
    'visual.proj.weight': [128, 256],
    'visual.proj.bias': [128],
    'token_embedding.weight': [3, 128],
    positional_embedding: [16, 128],
    'transformer.resblocks.1.attn.in_proj_weight': [384, 128],
    text_projection: [128, 128],
    logit_scale: [],
    'head.weight': [2, 128],
    'head.bias': [2],
  });
  // The stem's two, three bottlenecks of three and a shortcut each: 14 batch norms.
  expect(Object.keys(statistics)).toHaveLength(28);
  expect(Object.keys(parameters).some((name) => name.includes('resblocks.2'))).toBe(false);
});

test('every architecture of the contract exists, and another name is refused with the list', () => {
  // Of the published models: open_clip, model_configs; of the demo's: demo/recipe.json.
  const embedDims = { RN50: 1024, RN101: 512, RN50x4: 640, 'ViT-B/32': 512, demo: 128 };
  expect(
    Object.fromEntries(architectureNames.map((name) => [name, findArchitecture(name).clip.embedDim])),
  ).toEqual(embedDims);
  expect(() => findArchitecture('RN51')).toThrow(/"RN51".*RN50.*demo/);
});
