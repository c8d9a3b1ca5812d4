import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { WorkbenchError } from '#contract/errors.ts';

const block = 512;
const regularFile = /^[0\0]$/;

/**
 * The files of an npm package's tarball (ustar in gzip) by path, without the leading folder `package/`. The bytes
 * are views on one buffer. Throws `corrupt-file` where it is no such archive.
 */
export async function readTarball(bytes: Uint8Array, name: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let archive: Buffer;
  try {
    archive = await promisify(gunzip)(bytes);
  } catch (cause) {
    throw damaged(name, cause);
  }
  let at = 0;
  while (at + block <= archive.length) {
    const header = archive.subarray(at, at + block);
    if (header[0] === 0) return files;
    const size = Number.parseInt(text(header, 124, 12), 8);
    if (!Number.isInteger(size) || at + block + size > archive.length || text(header, 257, 5) !== 'ustar')
      break;
    if (regularFile.test(String.fromCharCode(header[156] ?? 0))) {
      const prefix = text(header, 345, 155);
      const path = `${prefix === '' ? '' : `${prefix}/`}${text(header, 0, 100)}`;
      files.set(path.replace(/^[^/]*\//, ''), archive.subarray(at + block, at + block + size));
    }
    at += block + Math.ceil(size / block) * block;
  }
  throw damaged(name);
}

/** A field of a header: up to its first NUL. */
function text(header: Buffer, start: number, length: number): string {
  const field = header.toString('utf8', start, start + length);
  return field.split('\0', 1)[0]!.trim();
}

function damaged(name: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'corrupt-file',
    `The package ${name} is not a whole npm tarball: run 'npm cache clean --force' and try again.`,
    { package: name },
    { cause },
  );
}
