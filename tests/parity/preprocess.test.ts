import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodePicture, encodePng } from '#main/data/pictures/decode-picture.ts';
import { preprocessPart } from '#main/engine/parity/preprocess.ts';
import { changeJson, changeTensor, createFigureCopies, referenceFolder } from './figures.ts';

const copies = createFigureCopies();
afterAll(() => copies.remove());

const failed = async (folder: string) =>
  (await preprocessPart.check(folder)).filter(({ ok }) => !ok).map(({ name }) => name);

test('all 16 pictures are those of Pillow, byte for byte, and normalised ones within 1e-6', async () => {
  const checks = await preprocessPart.check(referenceFolder);
  // The constants, 16 pictures, 3 of them normalised too.
  expect(checks).toHaveLength(20);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.map(({ name }) => name)).toContain('preprocess/expected-0-32');
});

describe('what is changed beyond its tolerance fails', () => {
  test('one byte of one picture', async () => {
    const folder = copies.copy('preprocess');
    const file = path.join(folder, 'preprocess/expected-2-224.png');
    const picture = await decodePicture(file);
    picture.data[1000]! ^= 1;
    writeFileSync(file, await encodePng(picture));
    expect(await failed(folder)).toEqual(['preprocess/expected-2-224']);
  });

  test('a picture of another size', async () => {
    const folder = copies.copy('preprocess');
    const { width, height, data } = await decodePicture(path.join(folder, 'preprocess/expected-3-32.png'));
    const other = { width: width / 2, height: height * 2, data };
    writeFileSync(path.join(folder, 'preprocess/expected-3-32.png'), await encodePng(other));
    expect(await failed(folder)).toEqual(['preprocess/expected-3-32']);
  });

  test('one normalised value, by 1e-5 but not by 1e-7', async () => {
    const folder = copies.copy('preprocess');
    const file = path.join(folder, 'preprocess/expected.safetensors');
    changeTensor(file, '1.32', 500, 1e-7);
    expect(await failed(folder)).toEqual([]);
    changeTensor(file, '1.32', 500, 1e-5);
    expect(await failed(folder)).toEqual(['preprocess/expected-1-32-normalised']);
  });

  test('the mean', async () => {
    const folder = copies.copy('preprocess');
    changeJson<{ mean: number[] }>(path.join(folder, 'preprocess/expected.json'), (expected) => {
      expected.mean[2]! += 1e-5;
    });
    expect(await failed(folder)).toEqual(['preprocess/mean-and-std']);
  });
});

describe('what is missing is an error', () => {
  test.each(['expected.json', 'expected.safetensors', 'input-4.png', 'expected-4-224.png'])(
    '%s',
    async (name) => {
      const folder = copies.copy('preprocess');
      rmSync(path.join(folder, 'preprocess', name));
      await expect(preprocessPart.check(folder)).rejects.toMatchObject({ name: 'WorkbenchError' });
    },
  );

  test('cases', async () => {
    const folder = copies.copy('preprocess');
    changeJson<{ cases: unknown[] }>(path.join(folder, 'preprocess/expected.json'), (expected) => {
      expected.cases = [];
    });
    await expect(preprocessPart.check(folder)).rejects.toMatchObject({ kind: 'corrupt-file' });
  });
});
