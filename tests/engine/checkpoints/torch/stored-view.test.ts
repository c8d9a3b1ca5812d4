import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PickleStorage, PickleTensor } from '#main/engine/checkpoints/pickle/values.ts';
import { openRandomAccess } from '#main/engine/checkpoints/random-access-file.ts';
import { viewStorage } from '#main/engine/checkpoints/torch/stored-view.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ccw-views-'));
const place = path.join(folder, 'numbers');
writeFileSync(place, new Uint8Array(Float32Array.from({ length: 12 }, (_, at) => at).buffer));
const file = openRandomAccess(place);
afterAll(() => {
  file.close();
  rmSync(folder, { recursive: true });
});

const range = { start: 0, bytes: 48 };
const view = (offset: number, shape: number[], strides: number[], elements = 12, type = 'FloatStorage') =>
  viewStorage(
    file,
    'w',
    new PickleTensor(new PickleStorage(type, '0', elements), offset, shape, strides),
    range,
  );

test('a view without gaps, one that is transposed, one with a gap, a scalar and an empty one', () => {
  expect([...view(0, [3, 4], [4, 1]).read()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect([...view(0, [4, 3], [1, 4]).read()]).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
  expect([...view(1, [2, 2], [6, 2]).read()]).toEqual([1, 3, 7, 9]);
  expect([...view(5, [], []).read()]).toEqual([5]);
  expect([...view(0, [0, 3], [3, 1]).read()]).toEqual([]);
  expect([...view(3, [1, 2], [99, 1]).read()]).toEqual([3, 4]);
});

test.each([
  ['beyond its storage', () => view(8, [3, 2], [2, 1]), /reaches beyond its storage/],
  ['absurdly large', () => view(0, [2 ** 40, 2 ** 40], [0, 0]), /reaches beyond its storage/],
  ['one value repeated a million times', () => view(0, [1_000_000], [0]), /reaches beyond its storage/],
  ['of another size than the bytes', () => view(0, [2], [1], 13), /13 values, but 48 bytes/],
  ['of complex numbers', () => view(0, [2], [1], 12, 'ComplexFloatStorage'), /holds ComplexFloatStorage/],
  ['with fewer strides than sides', () => view(0, [2, 2], [1]), /makes no sense/],
])('a tensor %s is refused', (_, make, message) => {
  expect(make).toThrow(message);
});
