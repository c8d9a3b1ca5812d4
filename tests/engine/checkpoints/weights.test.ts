import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useBackend } from '#main/engine/backend.ts';
import { readSafetensors, writeSafetensors } from '#main/engine/checkpoints/safetensors.ts';
import type { StoredTensor } from '#main/engine/checkpoints/tensor-dtypes.ts';
import { loadWeights, saveWeights } from '#main/engine/checkpoints/weights.ts';
import { parseFixture } from '#main/engine/parity/fixture.ts';
import { toClipConfig, towerFiguresSchema } from '#main/engine/parity/tower-figures.ts';

const fixture = path.resolve('tests/fixtures/reference/clip-rn');
const modelFile = path.join(fixture, 'model.safetensors');
const figures = await parseFixture(path.join(fixture, 'expected.json'), towerFiguresSchema);
const spec = { clip: toClipConfig(figures), headClasses: null };

let folder: string;
beforeAll(async () => {
  await useBackend('cpu');
  folder = await mkdtemp(path.join(tmpdir(), 'ccw-weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a PyTorch file comes back as it was, and the same weights give the same hash', async () => {
  const weights = loadWeights(modelFile, spec);
  const file = path.join(folder, 'copy.safetensors');
  const hash = await saveWeights(file, weights);
  expect(await saveWeights(path.join(folder, 'again.safetensors'), weights)).toBe(hash);
  const original = [...readSafetensors(modelFile)].filter(([name]) => !name.endsWith('num_batches_tracked'));
  const copy = readSafetensors(file);
  expect(copy.size).toBe(original.length);
  for (const [name, { shape, data }] of original) {
    expect(copy.get(name)?.shape, name).toEqual(shape);
    expect(copy.get(name)?.data, name).toEqual(data);
  }
});

test('convolution weights are turned from [out, in, height, width] to [height, width, in, out]', () => {
  const { parameters } = loadWeights(modelFile, spec);
  const stored = readSafetensors(modelFile).get('visual.conv1.weight')!; // [4, 3, 3, 3]
  const weight = parameters['visual.conv1.weight']!;
  expect(weight.shape).toEqual([3, 3, 3, 4]);
  // out 2, in 1, row 0, column 2
  expect(weight.dataSync()[(0 * 9 + 2 * 3 + 1) * 4 + 2]).toBe(stored.data[2 * 27 + 1 * 9 + 0 * 3 + 2]);
});

const changes: [string, (tensors: Map<string, StoredTensor>) => void, RegExp][] = [
  ...[Number.NaN, Number.POSITIVE_INFINITY].map(
    (value): [string, (tensors: Map<string, StoredTensor>) => void, RegExp] => [
      `a value that is ${value}`,
      (tensors) => {
        const { shape, data } = tensors.get('visual.bn1.bias')!;
        const changed = Float32Array.from(data as Float32Array);
        changed[changed.length - 1] = value;
        tensors.set('visual.bn1.bias', { dtype: 'F32', shape, data: changed });
      },
      /visual\.bn1\.bias holds values that are not finite/,
    ],
  ),
  ['a missing tensor', (tensors) => tensors.delete('visual.bn1.weight'), /visual\.bn1\.weight is missing/],
  [
    'a tensor of another shape',
    (tensors) => tensors.set('visual.bn1.bias', { dtype: 'F32', shape: [5], data: new Float32Array(5) }),
    /visual\.bn1\.bias is \[5\] and should be \[4\]/,
  ],
  [
    'a tensor of another type',
    (tensors) => tensors.set('ln_final.bias', { dtype: 'I32', shape: [64], data: new Int32Array(64) }),
    /ln_final\.bias is I32 and should be F32/,
  ],
  [
    'a tensor too many',
    (tensors) => tensors.set('head.bias', { dtype: 'F32', shape: [2], data: new Float32Array(2) }),
    /head\.bias has no place/,
  ],
];

test.each(changes)('%s is refused by its name', (_, change, message) => {
  const tensors = readSafetensors(modelFile);
  change(tensors);
  const file = path.join(folder, 'changed.safetensors');
  writeSafetensors(file, tensors);
  expect(() => loadWeights(file, spec)).toThrow(message);
});
