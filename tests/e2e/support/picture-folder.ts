import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng } from '#main/data/pictures/decode-picture.ts';

export const colours = { red: [200, 30, 30], green: [30, 160, 60], blue: [30, 60, 200] } as const;

/** Pictures of each colour. */
export const counts = { train: 12, test: 4 } as const;

/** Writes a picture of one colour, 32 pixels a side; `shade` tells pictures of a colour apart. */
export async function writeColour(
  path: string,
  rgb: readonly [number, number, number],
  shade: number,
): Promise<void> {
  const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, place) => (rgb[place % 3] ?? 0) + shade);
  await writeFile(path, await encodePng({ width: 32, height: 32, data }));
}

/**
 * A folder `colours` with train and test, in each a folder for each of three colours: 3 x (12 + 4) = 48 pictures, and
 * one file that is no picture.
 * @returns its path
 */
export async function makePictureFolder(parent: string): Promise<string> {
  const folder = join(parent, 'colours');
  for (const [split, count] of Object.entries(counts)) {
    for (const [name, rgb] of Object.entries(colours)) {
      await mkdir(join(folder, split, name), { recursive: true });
      for (let index = 0; index < count; index += 1) {
        await writeColour(join(folder, split, name, `${name}-${index}.png`), rgb, index);
      }
    }
  }
  await writeFile(join(folder, 'train', 'red', 'broken.png'), 'no picture');
  return folder;
}
