import { type FileHandle, open } from 'node:fs/promises';
import { numbered, type PartWriter } from './exported-picture.ts';

const block = 512;

/**
 * WebDataset's tars: each picture with its captions, a line each, and a JSON that has them as a list with label, key and
 * hash. POSIX ustar with times of 0, so that the same dataset gives the same bytes.
 */
export const tarParts: PartWriter = {
  name: (split, part) => `${split}-${numbered(part, 5)}.tar`,
  async write(path, pictures) {
    const file = await open(path, 'w');
    try {
      let at = 0;
      for await (const { bytes, suffix, captions, label, key, sha256, width, height } of pictures) {
        const name = numbered(at, 9);
        at += 1;
        const about = { captions, label, key, sha256, width, height };
        await add(file, `${name}.${suffix}`, bytes);
        await add(file, `${name}.txt`, Buffer.from(captions.join('\n')));
        await add(file, `${name}.json`, Buffer.from(JSON.stringify(about)));
      }
      await file.appendFile(Buffer.alloc(2 * block));
    } finally {
      await file.close();
    }
  },
};

async function add(file: FileHandle, name: string, bytes: Buffer): Promise<void> {
  const header = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  header.write(name, 0, 100, 'latin1');
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes.length, 124, 12);
  octal(0, 136, 12);
  header.write('        0', 148, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  const padding = Buffer.alloc((block - (bytes.length % block)) % block);
  await file.appendFile(Buffer.concat([header, bytes, padding]));
}
