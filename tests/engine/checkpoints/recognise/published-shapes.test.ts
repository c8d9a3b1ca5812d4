import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { OpenModel } from '#main/engine/checkpoints/open-model-file.ts';
import { recogniseModel } from '#main/engine/checkpoints/recognise/recognise-model.ts';

/** Names and shapes of state dicts, numbers of parameters and configs, as open_clip 3.3 makes them without weights. */
const published = z
  .record(
    z.string(),
    z.object({
      shapes: z.record(z.string(), z.array(z.number())),
      parameters: z.number(),
      config: z.looseObject({
        embed_dim: z.number(),
        vision_cfg: z.looseObject({ image_size: z.number(), width: z.number() }),
      }),
    }),
  )
  .parse(
    JSON.parse(
      gunzipSync(
        readFileSync(path.join(import.meta.dirname, '../../../fixtures/published-shapes.json.gz')),
      ).toString('utf8'),
    ),
  );

/** A model of these shapes, whose values nobody reads. */
function openShapes(
  shapes: Record<string, number[]>,
  config: unknown,
  rename = (name: string) => name,
): OpenModel {
  const read = () => {
    throw new Error('values are read');
  };
  return {
    source: {
      format: 'safetensors',
      tensors: new Map(
        Object.entries(shapes).map(([name, shape]) => [
          rename(name),
          { dtype: name.endsWith('num_batches_tracked') ? 'I64' : 'F16', shape, read },
        ]),
      ),
      notes: {},
      optimiserGroups: null,
      optimiserState: new Map(),
      moduleNames: [],
      close: () => {},
    },
    files: ['/models/published'],
    config: { name: config === null ? null : 'open_clip_config.json', model: config, preprocessor: null },
    close: () => {},
  };
}

// Radford et al. 2021, tables 19 and 20: names, pictures and heads of the image tower.
test.each([
  ['RN50', 'RN50', 224, 32],
  ['RN101', 'RN101', 224, 32],
  ['RN50x4', 'RN50x4', 288, 40],
  ['RN50x16', 'RN50x16', 384, 48],
  ['RN50x64', 'RN50x64', 448, 64],
  ['ViT-B-32', 'ViT-B/32', 224, 12],
  ['ViT-B-16', 'ViT-B/16', 224, 12],
  ['ViT-L-14', 'ViT-L/14', 224, 16],
  ['ViT-L-14-336', 'ViT-L/14@336', 336, 16],
  ['ViT-H-14', 'ViT-H/14', 224, 16],
])('%s is recognised by names and shapes, and by its config', (name, architecture, resolution, heads) => {
  const { shapes, parameters, config } = published[name]!;
  const underText = (tensor: string) =>
    `module.${/^(visual\.|logit_scale)/.test(tensor) ? '' : 'text.'}${tensor}`;
  const found = [
    recogniseModel(openShapes(shapes, null), 'gelu'),
    recogniseModel(
      openShapes(shapes, { model_cfg: config, preprocess_cfg: { interpolation: 'bicubic' } }),
      null,
    ),
    recogniseModel(openShapes(shapes, config, underText), null),
  ];
  for (const { spec, parameters: count, leftover } of found) {
    const { image, text, activation } = spec.clip;
    expect(spec.architecture).toBe(architecture);
    expect(image.resolution).toBe(resolution);
    const pooling = image.kind === 'vit' ? image : image.pooling;
    expect('heads' in pooling && pooling.heads).toBe(heads);
    expect(text.heads * 64).toBe(text.width);
    expect([activation, count, leftover]).toEqual(['gelu', parameters, []]);
  }
});

test('a config of another size than the weights is refused with both', () => {
  const { shapes, config } = published['ViT-B-32']!;
  const wrong = [
    [{ ...config, embed_dim: 256 }, /embed_dim is 256, and the weights have 512/],
    [{ ...config, vision_cfg: { ...config.vision_cfg, image_size: 384 } }, /image_size is 384.* have 224/],
    [{ ...config, vision_cfg: { ...config.vision_cfg, layers: 6 } }, /layers is 6.* have 12/],
    [{ ...config, vision_cfg: { ...config.vision_cfg, mlp_ratio: 4.9231 } }, /mlp_ratio to 4.9231/],
    [{ ...config, vision_cfg: { ...config.vision_cfg, pool_type: 'avg' } }, /vision_cfg.pool_type to "avg"/],
    [{ ...config, text_cfg: { no_causal_mask: true } }, /text_cfg.no_causal_mask to true/],
    [{ model_cfg: config, preprocess_cfg: { resize_mode: 'squash' } }, /brought to size by "squash"/],
  ] as const;
  for (const [model, message] of wrong)
    expect(() => recogniseModel(openShapes(shapes, model), null)).toThrow(message);
});

test('a model that normalises its pictures in its own way says so, and CLIP’s way is left out', () => {
  const { shapes, config } = published['ViT-B-32']!;
  const normalisationFor = (preprocessing: unknown) =>
    recogniseModel(openShapes(shapes, { model_cfg: config, preprocess_cfg: preprocessing }), null).spec.clip
      .normalisation;
  const half = [0.5, 0.5, 0.5];
  expect(normalisationFor({ mean: half, std: half })).toEqual({ mean: half, std: half });
  expect(
    normalisationFor({
      mean: [0.48145466, 0.4578275, 0.40821073],
      std: [0.26862954, 0.26130258, 0.27577711],
    }),
  ).toBeUndefined();
});

test('a block that is missing between others is named, and no shorter model is taken for the whole', () => {
  const { shapes } = published['ViT-B-32']!;
  const holed = Object.fromEntries(
    Object.entries(shapes).filter(([name]) => !name.startsWith('visual.transformer.resblocks.7.')),
  );
  expect(() => recogniseModel(openShapes(holed, null), 'gelu')).toThrow(
    /visual\.transformer\.resblocks\.10\.\S+ has no place in CLIP's blocks/,
  );
  const scaled = { ...shapes, 'transformer.resblocks.0.attn.head_scale': [8, 1, 1] };
  expect(() => recogniseModel(openShapes(scaled, null), 'gelu')).toThrow(/head_scale has no place/);
});

test('a table that no model has is refused before anything is read', () => {
  const { shapes } = published['ViT-B-32']!;
  const huge = { ...shapes, 'token_embedding.weight': [2 ** 30, 512] };
  expect(() => recogniseModel(openShapes(huge, null), 'gelu')).toThrow(
    /token_embedding\.weight has 549755813888 values/,
  );
  const wide = { ...shapes, 'visual.positional_embedding': [1001 ** 2 + 1, 768] };
  expect(() => recogniseModel(openShapes(wide, null), 'gelu')).toThrow(/32032 px a side/);
});
