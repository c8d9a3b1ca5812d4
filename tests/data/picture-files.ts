import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Picture } from '#core/pixels/picture.ts';
import { encodePng } from '#main/data/pictures/decode-picture.ts';

/** A folder that goes with its test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ccw-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A picture whose pixels differ by place and by `shade`. */
export function gradient(width: number, height: number, shade: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = (i * 7 + shade * 31) % 256;
  return { width, height, data };
}

/** Writes a PNG file, with its folders, and gives its path. */
export async function savePicture(path: string, picture: Picture): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await encodePng(picture));
  return path;
}

/** All items of a generator. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
