import { WorkbenchError } from '#contract/errors.ts';
import { openRegularFile } from '../files/open-regular-file.ts';

/**
 * Bytes of a file from an offset.
 * @throws WorkbenchError as openRegularFile; `corrupt-file` where the file ends before
 */
export async function readRange(path: string, offset: number, bytes: number): Promise<Buffer> {
  const { handle } = await openRegularFile(path);
  try {
    const buffer = Buffer.allocUnsafe(bytes);
    let done = 0;
    while (done < bytes) {
      const { bytesRead } = await handle.read(buffer, done, bytes - done, offset + done);
      if (bytesRead === 0) throw ended(path, offset + bytes);
      done += bytesRead;
    }
    return buffer;
  } finally {
    await handle.close();
  }
}

function ended(path: string, wanted: number): WorkbenchError {
  return new WorkbenchError(
    'corrupt-file',
    `${path} is shorter than it was: it ends before byte ${wanted}. Put it back as it was when it was imported.`,
    { path },
  );
}
