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
  ])('%s is named in the refusal', (family, tensor) => {
    expect(() => recognise(change('family', (tensors) => tensors.set(tensor, one([1]))))).toThrow(
      new RegExp(`holds ${family}, which this workbench does not run`),
    );
  });

  test('a config whose towers differ is refused', () => {
    const own = path.join(folder, 'differing');
    cpSync(path.join(reference, 'models/hf-gelu'), own, { recursive: true });
    const config = JSON.parse(readFileSync(path.join(own, 'config.json'), 'utf8'));
    config.text_config.hidden_act = 'quick_gelu';
    writeFileSync(path.join(own, 'config.json'), JSON.stringify(config));
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
