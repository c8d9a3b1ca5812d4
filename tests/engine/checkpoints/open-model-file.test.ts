import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { WorkbenchError } from '#contract/errors.ts';
import { openModelFile } from '#main/engine/checkpoints/open-model-file.ts';
import { readSafetensors, writeSafetensors } from '#main/engine/checkpoints/safetensors.ts';
import type { WritableTensor } from '#main/engine/checkpoints/tensor-dtypes.ts';

const reference = path.join(import.meta.dirname, '../../fixtures/reference');
const checkpoints = path.join(reference, 'checkpoints');
const folder = mkdtempSync(path.join(tmpdir(), 'ccw-model-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All values of a file, by name. */
function readAll(file: string): Map<string, { shape: number[]; values: Float32Array }> {
  const model = openModelFile(file);
  try {
    return new Map(
      [...model.source.tensors].map(([name, one]) => [name, { shape: one.shape, values: one.read() }]),
    );
  } finally {
    model.close();
  }
}

describe('one model in each format of PyTorch has the values of its safetensors file', () => {
  const expected = readSafetensors(path.join(checkpoints, 'model.safetensors'));
  test.each([
    ['zip.pt', 'torch-zip', 0],
    ['legacy.pt', 'torch-legacy', 0],
    ['torchscript.pt', 'torchscript', 0],
    // Half precision keeps 11 bits: values below 8 are off by at most 2 ** -9.
    ['half.pt', 'torch-zip', 2 ** -9],
  ])('%s', (name, format, tolerance) => {
    const model = openModelFile(path.join(checkpoints, name));
    expect(model.source.format).toBe(format);
    model.close();
    const found = readAll(path.join(checkpoints, name));
    expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [tensor, { shape, data }] of expected) {
      expect(found.get(tensor)?.shape, tensor).toEqual(shape);
      const { values } = found.get(tensor)!;
      const furthest = (data as Float32Array).reduce(
        (most, value, at) => Math.max(most, Math.abs(value - values[at]!)),
        0,
      );
      expect(furthest, tensor).toBeLessThanOrEqual(tolerance);
    }
  });
});

test("the reference's training checkpoint has the weights after three steps, and two groups of an optimiser", () => {
  const file = path.join(reference, 'clip-rn/epoch_1.pt');
  const expected = readSafetensors(path.join(reference, 'clip-rn/after-3-steps.safetensors'));
  const found = openModelFile(file);
  expect(found.source.notes).toEqual({ epoch: '1', name: 'parity' });
  // Its README: 96 parameters; names with bn, ln, bias or logit_scale, 57 of them, do not decay.
  expect(found.source.optimiserGroups).toEqual([57, 39]);
  for (const [name, { data }] of expected) {
    const own = found.source.tensors.get(`module.${name}`);
    if (name.endsWith('num_batches_tracked')) expect(own?.dtype).toBe('I64');
    else expect(own?.read(), name).toEqual(data);
  }
  found.close();
});

test('a hostile pickle is refused by the name it asks for, and nothing of it is run', () => {
  const mark = path.join(process.cwd(), 'hostile-pickle-was-run');
  expect(() => openModelFile(path.join(checkpoints, 'hostile.pt'))).toThrow(
    /"posix\.system".*nothing of it was run/,
  );
  expect(existsSync(mark)).toBe(false);
});

test('a file cut off at its end is refused as such', () => {
  expect(() => openModelFile(path.join(checkpoints, 'truncated.pt'))).toThrow(/cut off/);
  for (const name of ['legacy.pt', 'model.safetensors']) {
    const copy = path.join(folder, `cut-${name}`);
    cpSync(path.join(checkpoints, name), copy);
    truncateSync(copy, 400_000);
    expect(() => openModelFile(copy), name).toThrow(/cut off/);
  }
});

test('what is no model file is told apart from a damaged one', () => {
  const file = path.join(folder, 'notes.txt');
  writeFileSync(file, 'a list of things to do');
  expect(() => openModelFile(file)).toThrow(/is no model file/);
  expect(() => openModelFile(path.join(folder, 'none.pt'))).toThrow(/There is no model file/);
  const empty = path.join(folder, 'empty');
  mkdirSync(empty);
  expect(() => openModelFile(empty)).toThrow(/holds no weights under a name that is known/);
});

test('a pointer of Git LFS is named as what it is', () => {
  const file = path.join(folder, 'pointer.safetensors');
  writeFileSync(file, 'version https://git-lfs.github.com/spec/v1\noid sha256:4f2\nsize 605\n');
  expect(() => openModelFile(file)).toThrow(/pointer of Git LFS/);
});

test('of a folder, the weights that its config belongs to are opened, or the only ones', () => {
  const own = path.join(folder, 'several');
  mkdirSync(own);
  const put = (name: string, tensor: string) =>
    writeSafetensors(
      path.join(own, name),
      new Map([[tensor, { dtype: 'F32' as const, shape: [1], data: Float32Array.of(1) }]]),
    );
  const names = () => {
    const { source, config, close } = openModelFile(own);
    close();
    return [...source.tensors.keys(), config.name];
  };
  put('epoch_3.pt', 'alone');
  expect(names()).toEqual(['alone', null]);
  put('second.safetensors', 'other');
  expect(() => openModelFile(own)).toThrow(/2 files that may be weights/);
  put('model.safetensors', 'hf');
  writeFileSync(path.join(own, 'config.json'), '{}');
  expect(names()).toEqual(['hf', 'config.json']);
  put('open_clip_model.safetensors', 'open_clip');
  writeFileSync(path.join(own, 'open_clip_config.json'), '{}');
  expect(names()).toEqual(['open_clip', 'open_clip_config.json']);
});

describe('weights in several files', () => {
  const shards = (name: string, map: Record<string, string>) => {
    const own = path.join(folder, name);
    mkdirSync(own);
    const tensor = (value: number): WritableTensor => ({
      dtype: 'F32',
      shape: [2],
      data: Float32Array.of(value, value),
    });
    writeSafetensors(path.join(own, 'one.safetensors'), new Map([['a', tensor(1)]]));
    writeSafetensors(path.join(own, 'two.safetensors'), new Map([['b', tensor(2)]]));
    writeFileSync(path.join(own, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
    return own;
  };

  test('are put together by their index', () => {
    const found = readAll(shards('whole', { a: 'one.safetensors', b: 'two.safetensors' }));
    expect([...found].map(([name, { values }]) => [name, values[0]])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test.each([
    ['elsewhere', { a: '../one.safetensors' }, /lies outside its folder/],
    ['missing', { a: 'two.safetensors' }, /two\.safetensors does not hold a/],
    ['unnamed', { a: 'one.safetensors', c: 'two.safetensors' }, /two\.safetensors does not hold c/],
    ['absent', { a: 'three.safetensors' }, /There is no model file/],
  ])('an index that is wrong is refused: %s', (name, map, message) => {
    expect(() => openModelFile(shards(name, map))).toThrow(message);
  });
});

test('bytes changed anywhere give other values or a clear refusal, never a crash', () => {
  const names = ['zip.pt', 'legacy.pt', 'torchscript.pt', 'model.safetensors'];
  const originals = names.map((name) => readFileSync(path.join(checkpoints, name)));
  const copy = path.join(folder, 'changed');
  const property = fc.property(
    fc.nat(names.length - 1),
    fc.array(
      fc.record({
        place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        near: fc.constantFrom('start', 'end', 'anywhere'),
        byte: fc.nat(255),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    (which, changes) => {
      const bytes = Buffer.from(originals[which]!);
      for (const { place, near, byte } of changes) {
        const span = near === 'anywhere' ? bytes.length : 8000;
        const at = Math.floor(place * span);
        bytes[near === 'end' ? bytes.length - 1 - at : at] = byte;
      }
      writeFileSync(copy, bytes);
      try {
        readAll(copy);
      } catch (error) {
        expect(error).toBeInstanceOf(WorkbenchError);
        expect((error as WorkbenchError).kind).toMatch(/corrupt-file|bad-input/);
      }
    },
  );
  fc.assert(property, { numRuns: 300 });
}, 60_000);
