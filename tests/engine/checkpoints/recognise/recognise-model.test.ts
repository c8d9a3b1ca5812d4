import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Activation } from '#contract/clip-config.ts';
import { convertModel } from '#main/engine/checkpoints/convert-model.ts';
import { openModelFile } from '#main/engine/checkpoints/open-model-file.ts';
import { recogniseModel } from '#main/engine/checkpoints/recognise/recognise-model.ts';
import { resizeGrid } from '#main/engine/checkpoints/recognise/resize-positions.ts';
import { readSafetensors, writeSafetensors } from '#main/engine/checkpoints/safetensors.ts';
import type { WritableTensor } from '#main/engine/checkpoints/tensor-dtypes.ts';

const reference = path.join(import.meta.dirname, '../../../fixtures/reference');
const folder = mkdtempSync(path.join(tmpdir(), 'ccw-recognise-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function recognise(file: string, given: Activation | null = null) {
  const model = openModelFile(file);
  try {
    return recogniseModel(model, given);
  } finally {
    model.close();
  }
}

test.each([
  ['models/hf-quick-gelu', 'quick_gelu', 'config'],
  ['models/hf-gelu', 'gelu', 'config'],
  ['models/openclip-vit-gelu', 'gelu', 'config'],
  ['models/openclip-custom-text', 'gelu', 'config'],
  ['models/openclip-vit-quick/epoch_3.pt', undefined, null],
  ['models/openclip-rn', undefined, null],
  ['models/openclip-bf16', undefined, null],
  ['clip-rn/epoch_1.pt', 'quick_gelu', 'origin'],
  ['clip-vit/epoch_1.pt', 'quick_gelu', 'origin'],
  ['checkpoints/torchscript.pt', 'quick_gelu', 'origin'],
  ['checkpoints/half.pt', undefined, null],
])('%s: the activation is %s, from %s, and nothing is left over', (file, activation, from) => {
  const { spec, activationFrom, leftover } = recognise(path.join(reference, file));
  expect([spec.clip.activation, activationFrom, leftover]).toEqual([activation, from, []]);
});

test('sizes and heads are those of the reference’s constructor', () => {
  const { spec } = recognise(path.join(reference, 'clip-rn/epoch_1.pt'));
  expect(spec.clip.image).toEqual({
    kind: 'modified-resnet',
    resolution: 64,
    layers: [1, 1, 1, 1],
    width: 8,
    stem: 'clip',
    pooling: { kind: 'attention', heads: 4 },
  });
  expect(spec.clip.text).toEqual({ contextLength: 16, vocabularySize: 300, width: 64, heads: 1, layers: 2 });
  const vit = recognise(path.join(reference, 'clip-vit/epoch_1.pt'));
  expect(vit.spec.clip.image).toEqual({
    kind: 'vit',
    resolution: 32,
    patchSize: 8,
    width: 64,
    layers: 2,
    heads: 1,
  });
});

test('the same weights give the same hash, however they were written', async () => {
  const names = ['zip.pt', 'legacy.pt', 'torchscript.pt', 'model.safetensors'];
  const hashes: string[] = [];
  for (const name of names) {
    const model = openModelFile(path.join(reference, 'checkpoints', name));
    hashes.push(await convertModel(recogniseModel(model, 'quick_gelu'), path.join(folder, name)));
    model.close();
  }
  expect(new Set(hashes).size).toBe(1);
});

describe('changed files', () => {
  const change = (name: string, edit: (tensors: Map<string, WritableTensor>) => void) => {
    const file = path.join(folder, `${name}.safetensors`);
    const tensors = new Map<string, WritableTensor>(
      readSafetensors(path.join(reference, 'checkpoints/model.safetensors')),
    );
    edit(tensors);
    writeSafetensors(file, tensors);
    return file;
  };
  const one = (shape: number[]): WritableTensor => ({
    dtype: 'F32',
    shape,
    data: new Float32Array(shape.reduce((product, side) => product * side, 1)),
  });

  test('a tensor that belongs nowhere is left over, and named', () => {
    const file = change('extra', (tensors) => tensors.set('classifier.weight', one([2, 2])));
    expect(recognise(file).leftover).toEqual(['classifier.weight']);
  });

  test('a tensor that is missing or of another shape is named', () => {
    expect(() => recognise(change('less', (tensors) => tensors.delete('ln_final.bias')))).toThrow(
      /ln_final\.bias is missing/,
    );
    expect(() => recognise(change('other', (tensors) => tensors.set('ln_final.bias', one([5]))))).toThrow(
      /ln_final\.bias is \[5\] and should be \[64\]/,
    );
  });

  test.each([
    ['SigLIP', 'logit_bias'],
    ['CoCa', 'text_decoder.resblocks.0.ln_1.weight'],
    ['ConvNeXt', 'visual.trunk.stem.0.weight'],
    ['a timm image tower', 'visual.trunk.blocks.0.norm1.weight'],
    ['EVA-CLIP', 'visual.blocks.0.attn.q_proj.weight'],
    ['MobileCLIP', 'image_encoder.model.stem.0.weight'],
    // As open_clip 3.3 names the tensors of timm's towers.
    ['MobileCLIP', 'visual.trunk.stages.0.blocks.0.token_mixer.norm.identity.weight'],
    ['ConvNeXt', 'visual.trunk.stages.0.blocks.0.conv_dw.weight'],
    ['EVA-CLIP', 'visual.trunk.blocks.0.mlp.fc1_g.weight'],
    ['a timm image tower', 'patch_embed.proj.weight'],
    ['a Hugging Face text tower', 'text.transformer.encoder.layer.0.output.dense.weight'],
    ['a model with layer scale', 'visual.transformer.resblocks.0.ls_1.gamma'],
    ['an image classifier without a text tower', 'layer1.0.conv1.weight'],
  ])('%s is named in the refusal', (family, tensor) => {
    expect(() => recognise(change('family', (tensors) => tensors.set(tensor, one([1]))))).toThrow(
      new RegExp(`holds ${family}, which this workbench does not run`),
    );
  });

  test('a text tower that stands in it twice is refused: which one is meant is not known', () => {
    const file = change('twice', (tensors) => tensors.set('text.ln_final.bias', one([64])));
    expect(() => recognise(file)).toThrow(/ln_final\.bias stands in it twice/);
  });

  test('notes of the workbench that claim absurd sizes are refused before anything is made of them', () => {
    const file = path.join(folder, 'absurd.safetensors');
    const text = { contextLength: 16, vocabularySize: 300, width: 64, heads: 1, layers: 2 };
    const spec = (layers: number, own = {}) => ({
      architecture: 'absurd',
      clip: {
        embedDim: 32,
        image: { kind: 'vit', resolution: 32, patchSize: 8, width: 64, layers, heads: 1 },
        text: { ...text, ...own },
      },
      vocabulary: null,
      headClasses: null,
    });
    const refused = (notes: object, message: RegExp) => {
      const tensors = readSafetensors(path.join(reference, 'checkpoints/model.safetensors'));
      writeSafetensors(file, tensors, { cleanclip_workbench: JSON.stringify(notes) });
      expect(() => recognise(file)).toThrow(message);
    };
    refused(spec(2 ** 40), /should have 1099511627778 blocks/);
    refused(spec(2, { heads: 7 }), /7 heads do not divide a width of 64/);
    refused({ ...spec(2), vocabulary: [1, 2] }, /vocabulary has 2 tokens and its table 300 rows/);
  });

  const changeConfig = (name: string, edit: (config: Record<string, Record<string, unknown>>) => void) => {
    const own = path.join(folder, name);
    cpSync(path.join(reference, 'models/hf-gelu'), own, { recursive: true });
    const config = JSON.parse(readFileSync(path.join(own, 'config.json'), 'utf8'));
    edit(config);
    writeFileSync(path.join(own, 'config.json'), JSON.stringify(config));
    return own;
  };

  test.each<[string, (config: Record<string, Record<string, unknown>>) => void, RegExp]>([
    [
      'projection_dim',
      (config) => Object.assign(config, { projection_dim: 64 }),
      /projection_dim is 64, and the weights have 32/,
    ],
    [
      'layers',
      (config) => Object.assign(config.text_config!, { num_hidden_layers: 1 }),
      /num_hidden_layers is 1.* have 2/,
    ],
    [
      'pictures',
      (config) => Object.assign(config.vision_config!, { image_size: 64 }),
      /image_size is 64.* have 32/,
    ],
    ['kind', (config) => Object.assign(config, { model_type: 'flava' }), /type "flava"/],
    [
      'norms',
      (config) => Object.assign(config.vision_config!, { layer_norm_eps: 1e-6 }),
      /layer norms add 0.000001/,
    ],
  ])('a config.json that does not fit is refused: %s', (name, edit, message) => {
    expect(() => recognise(changeConfig(`config-${name}`, edit))).toThrow(message);
  });

  test('a config nested a million deep is no way to stop the program', () => {
    const own = changeConfig('deep', () => {});
    const config = readFileSync(path.join(own, 'config.json'), 'utf8').trimEnd();
    const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
    writeFileSync(path.join(own, 'config.json'), `${config.slice(0, -1)}, "more": ${deep}}`);
    expect(recognise(own).spec.clip.activation).toBe('gelu');
  });

  test('transformers’ note of how pictures are prepared is followed', () => {
    const own = changeConfig('prepared', () => {});
    const note = path.join(own, 'preprocessor_config.json');
    const half = [0.5, 0.5, 0.5];
    writeFileSync(note, JSON.stringify({ image_mean: half, image_std: half, resample: 3 }));
    expect(recognise(own).spec.clip.normalisation).toEqual({ mean: half, std: half });
    writeFileSync(note, JSON.stringify({ resample: 2 }));
    expect(() => recognise(own)).toThrow(/filter 2, not bicubically/);
  });

  test('a config whose towers differ is refused', () => {
    const own = changeConfig('differing', (config) =>
      Object.assign(config.text_config!, { hidden_act: 'quick_gelu' }),
    );
    expect(() => recognise(own)).toThrow(/different activations \(gelu and quick_gelu\)/);
  });
});

test('positions are resized as torch.nn.functional.interpolate does it (bicubic, antialias, PyTorch 2.15)', () => {
  const expected: [number, number, number[]][] = [
    [
      2,
      4,
      [
        -1.185986, -0.685986, 1.011975, 1.511975, 5.370378, 5.870378, 7.568339, 8.068339, 0.716596, 1.216597,
        2.478316, 2.978317, 5.971684, 6.471684, 7.733403, 8.233403, 4.489285, 4.989286, 5.38597, 5.88597,
        7.164031, 7.664031, 8.060714, 8.560714, 6.391868, 6.891868, 6.852311, 7.352311, 7.765336, 8.265336,
        8.225778, 8.725778,
      ],
    ],
    [
      5,
      3,
      [
        5.999526, 6.499527, 6.131949, 6.63195, 5.502485, 6.002485, 5.77932, 6.27932, 5.829551, 6.329551,
        6.834203, 7.334203, 5.925681, 6.425681, 5.350268, 5.850268, 5.889704, 6.389704,
      ],
    ],
  ];
  for (const [from, to, values] of expected) {
    const token = [100, 200];
    const grid = Array.from({ length: from * from }, (_, at) => [
      (at * at * 7) % 11,
      ((at * at * 7) % 11) + 0.5,
    ]).flat();
    const resized = resizeGrid(Float32Array.from([...token, ...grid]), from, to, 2);
    expect([...resized.subarray(0, 2)]).toEqual(token);
    for (const [at, value] of values.entries()) expect(resized[2 + at]).toBeCloseTo(value, 4);
  }
});
