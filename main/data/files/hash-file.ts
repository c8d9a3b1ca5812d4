import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { openRegularFile } from './open-regular-file.ts';

/** SHA-256 (hex) of a file's bytes; null where it cannot be read. */
export async function hashFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    const { handle } = await openRegularFile(path);
    await pipeline(handle.createReadStream(), hash);
  } catch {
    return null;
  }
  return hash.digest('hex');
}
