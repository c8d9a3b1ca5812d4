import { execFileSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { readEncoded } from '#main/data/sources/read-content.ts';
import { readContentWaiting } from '#main/data/sources/read-content-waiting.ts';
import { readPicture } from '#main/data/sources/read-picture.ts';
import { gradient, savePicture, temporaryFolder } from '../picture-files.ts';

test('a member of a tar archive that tar wrote is read in place, and unchanged as a file', async () => {
  const folder = temporaryFolder();
  await savePicture(join(folder, 'a.png'), gradient(9, 4, 1));
  const second = await savePicture(join(folder, 'b.png'), gradient(5, 7, 2));
  const path = join(folder, 'both.tar');
  execFileSync('tar', ['-cf', path, 'a.png', 'b.png'], { cwd: folder });
  const bytes = readFileSync(second);
  const offset = readFileSync(path).indexOf(bytes);
  expect(offset % 512).toBe(0);
  const source = { kind: 'tar' as const, path, offset, bytes: bytes.length };
  expect(await readPicture(source)).toEqual(gradient(5, 7, 2));
  expect(await readEncoded(source)).toEqual({ bytes, suffix: 'png' });
  expect(await readContentWaiting(source)).toEqual({ bytes });
  expect(await readContentWaiting(second)).toEqual({ bytes });
  await expect(readContentWaiting(join(folder, 'c.png'))).rejects.toMatchObject({ kind: 'not-found' });
  truncateSync(path, offset + 20);
  await expect(readPicture(source)).rejects.toMatchObject({ kind: 'corrupt-file' });
});

test("rows of a Parquet file: bytes, and Hugging Face's struct; a row without a picture is named", async () => {
  const folder = temporaryFolder();
  const files = await Promise.all(
    [0, 1, 2].map(async (shade) =>
      readFileSync(await savePicture(join(folder, `${shade}.png`), gradient(6, 3, shade))),
    ),
  );
  const path = join(folder, 'rows.parquet');
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'jpg', data: [...files, null], type: 'BYTE_ARRAY' },
      { name: 'caption', data: ['a', 'b', 'c', 'd'], type: 'STRING' },
    ],
  });
  writeFileSync(path, new Uint8Array(buffer));
  const at = (row: number) => readPicture({ kind: 'parquet', path, column: 'jpg', row });
  expect(await at(2)).toEqual(gradient(6, 3, 2));
  expect(await at(0)).toEqual(gradient(6, 3, 0));
  await expect(at(3)).rejects.toMatchObject({
    kind: 'corrupt-file',
    message: expect.stringContaining('Row 4'),
  });
});

test('planes of pixels, as CIFAR has them, become rows of RGB', async () => {
  const path = join(temporaryFolder(), 'batch.bin');
  // A label, then 2 x 1 pixels: reds 1 2, greens 3 4, blues 5 6.
  writeFileSync(path, Uint8Array.of(9, 1, 2, 3, 4, 5, 6));
  expect(await readPicture({ kind: 'planes', path, offset: 1, width: 2, height: 1 })).toEqual({
    width: 2,
    height: 1,
    data: Uint8Array.of(1, 3, 5, 2, 4, 6),
  });
});
