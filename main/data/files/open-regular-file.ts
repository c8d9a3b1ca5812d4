import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { WorkbenchError } from '#contract/errors.ts';

/** Opening a pipe without this flag waits until somebody writes into it, in one of the few file threads. */
const readOnly = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file for reading without ever waiting: what is no regular file (a pipe, a device, a socket, a folder) is
 * refused by its type before it is opened, and once more after. Links are followed. The caller closes it.
 * @param noun what the message calls it
 * @throws WorkbenchError `not-found` where nothing is there; `bad-input` for what is no regular file or cannot be read
 */
export async function openRegularFile(
  path: string,
  noun = 'file',
): Promise<{ handle: FileHandle; bytes: number }> {
  try {
    refuseOther(path, await stat(path));
    const handle = await open(path, readOnly);
    try {
      const found = await handle.stat();
      refuseOther(path, found);
      return { handle, bytes: found.size };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (cause) {
    throw describe(path, noun, cause);
  }
}

/**
 * Reads a whole file of at most `maxBytes`: see {@link openRegularFile}. What is appended meanwhile is not read.
 * @throws WorkbenchError as openRegularFile; `bad-input` where the file is larger
 */
export async function readRegularFile(path: string, maxBytes: number, noun = 'file'): Promise<Buffer> {
  const { handle, bytes } = await openRegularFile(path, noun);
  try {
    refuseLarger(path, bytes, maxBytes);
    const buffer = Buffer.allocUnsafe(bytes);
    let done = 0;
    while (done < bytes) {
      const { bytesRead } = await handle.read(buffer, done, bytes - done, done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return buffer.subarray(0, done);
  } catch (cause) {
    throw describe(path, noun, cause);
  } finally {
    await handle.close();
  }
}

/** {@link openRegularFile} for code that does not wait; gives the descriptor, which the caller closes. */
export function openRegularFileSync(path: string, noun = 'file'): { descriptor: number; bytes: number } {
  try {
    refuseOther(path, statSync(path));
    const descriptor = openSync(path, readOnly);
    try {
      const found = fstatSync(descriptor);
      refuseOther(path, found);
      return { descriptor, bytes: found.size };
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  } catch (cause) {
    throw describe(path, noun, cause);
  }
}

/** {@link readRegularFile} for code that does not wait. */
export function readRegularFileSync(path: string, maxBytes: number, noun = 'file'): Buffer {
  const { descriptor, bytes } = openRegularFileSync(path, noun);
  try {
    refuseLarger(path, bytes, maxBytes);
    const buffer = Buffer.allocUnsafe(bytes);
    let done = 0;
    while (done < bytes) {
      const count = readSync(descriptor, buffer, done, bytes - done, done);
      if (count === 0) break;
      done += count;
    }
    return buffer.subarray(0, done);
  } catch (cause) {
    throw describe(path, noun, cause);
  } finally {
    closeSync(descriptor);
  }
}

function refuseOther(path: string, found: Stats): void {
  if (found.isFile()) return;
  const what = found.isDirectory()
    ? 'a folder'
    : found.isFIFO()
      ? 'a named pipe'
      : found.isSocket()
        ? 'a socket'
        : 'a device';
  throw new WorkbenchError('bad-input', `${path} cannot be read: it is ${what}, not a file.`, { path });
}

function refuseLarger(path: string, bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  const mebibytes = (count: number) => `${Math.ceil(count / 1024 ** 2)} MiB`;
  throw new WorkbenchError(
    'bad-input',
    `${path} has ${mebibytes(bytes)}; at most ${mebibytes(maxBytes)} are read: name a smaller file.`,
    { path, bytes, maxBytes },
  );
}

function describe(path: string, noun: string, cause: unknown): WorkbenchError {
  if (cause instanceof WorkbenchError) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new WorkbenchError('not-found', `There is no ${noun} at ${path}.`, { path }, { cause });
  }
  const why = code === 'EACCES' || code === 'EPERM' ? 'you may not read it' : String(code ?? cause);
  return new WorkbenchError('bad-input', `${path} cannot be read: ${why}.`, { path }, { cause });
}
