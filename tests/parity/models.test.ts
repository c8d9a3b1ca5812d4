import { cpSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkpointsPart } from '#main/engine/parity/checkpoints.ts';
import { modelsPart } from '#main/engine/parity/models.ts';
import { changeJson, changeTensor, referenceFolder } from './figures.ts';
import { findFailures, useFastestBackend } from './fixture-copy.ts';

beforeAll(useFastestBackend);

test('every file of transformers, open_clip and PyTorch gives the embeddings that they give', async () => {
  const checks = [
    ...(await modelsPart.check(referenceFolder)),
    ...(await checkpointsPart.check(referenceFolder)),
  ];
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.map(({ name }) => name).sort()).toEqual([
    'checkpoints/half',
    'checkpoints/hostile',
    'checkpoints/legacy',
    'checkpoints/safetensors',
    'checkpoints/torchscript',
    'checkpoints/truncated',
    'checkpoints/zip',
    'models/hf-gelu',
    'models/hf-quick-gelu',
    'models/openclip-bf16',
    'models/openclip-custom-text',
    'models/openclip-rn',
    'models/openclip-vit-gelu',
    'models/openclip-vit-quick',
  ]);
});

test('one weight changed fails', async () => {
  const failures = await findFailures(modelsPart, (folder) =>
    changeTensor(path.join(folder, 'models/hf-gelu/model.safetensors'), 'visual_projection.weight', 0, 1),
  );
  expect(failures).toEqual(['models/hf-gelu']);
});

test('a config with the other activation fails', async () => {
  const failures = await findFailures(modelsPart, (folder) =>
    changeJson<Record<'text_config' | 'vision_config', { hidden_act: string }>>(
      path.join(folder, 'models/hf-gelu/config.json'),
      (config) => {
        config.text_config.hidden_act = 'quick_gelu';
        config.vision_config.hidden_act = 'quick_gelu';
      },
    ),
  );
  expect(failures).toEqual(['models/hf-gelu']);
});

test('an embedding changed, and a harmless file in place of the hostile one, fail', async () => {
  const failures = await findFailures(checkpointsPart, (folder) => {
    changeTensor(path.join(folder, 'checkpoints/io.safetensors'), 'image_embeds', 3, 0.1);
    cpSync(path.join(folder, 'checkpoints/zip.pt'), path.join(folder, 'checkpoints/hostile.pt'));
  });
  expect(failures).toEqual([
    'checkpoints/safetensors',
    'checkpoints/zip',
    'checkpoints/legacy',
    'checkpoints/half',
    'checkpoints/torchscript',
    'checkpoints/hostile',
  ]);
});
