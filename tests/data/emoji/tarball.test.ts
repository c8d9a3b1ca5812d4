import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readTarball } from '#main/data/emoji/tarball.ts';
import { temporaryFolder } from '../picture-files.ts';

/** A tarball as the system's tar writes it. */
function packedByTar(): Buffer {
  const folder = temporaryFolder();
  const deep = join(folder, 'package', 'a'.repeat(60), 'b'.repeat(60));
  mkdirSync(deep, { recursive: true });
  writeFileSync(join(folder, 'package', 'empty'), '');
  writeFileSync(join(folder, 'package', 'block'), 'x'.repeat(512));
  writeFileSync(join(deep, 'file.txt'), 'far down');
  execFileSync('tar', ['--format=ustar', '-czf', 'p.tgz', 'package'], { cwd: folder });
  return readFileSync(join(folder, 'p.tgz'));
}

test('the files of a tarball, without the folder around them', async () => {
  const files = await readTarball(packedByTar(), 'p');
  const texts = [...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]);
  expect(Object.fromEntries(texts)).toEqual({
    empty: '',
    block: 'x'.repeat(512),
    [`${'a'.repeat(60)}/${'b'.repeat(60)}/file.txt`]: 'far down',
  });
});

test('what is no whole tarball is refused', async () => {
  const whole = packedByTar();
  for (const bytes of [
    Buffer.from('not gzip'),
    whole.subarray(0, whole.length - 20),
    gzipSync(Buffer.alloc(100_000, 'x')),
    gzipSync(Buffer.alloc(0)),
  ]) {
    await expect(readTarball(bytes, 'p')).rejects.toMatchObject({ kind: 'corrupt-file' });
  }
});
