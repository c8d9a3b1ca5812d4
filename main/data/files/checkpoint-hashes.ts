import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hashFile } from './hash-file.ts';
import { readRegularFile } from './open-regular-file.ts';

/** The file of a checkpoint folder that has the SHA-256 of every other file, as they were written. */
export const hashesName = 'hashes.json';

const hashesSchema = z.record(z.string(), z.string().length(64));
const maxHashesBytes = 1024 ** 2;

/** Writes the hashes of all files in `folder`; `known` spares reading those again. */
export async function writeHashes(folder: string, known: Readonly<Record<string, string>>): Promise<void> {
  const hashes: Record<string, string> = {};
  for (const name of (await readdir(folder)).toSorted()) {
    const hash = known[name] ?? (await hashFile(join(folder, name)));
    if (hash !== null) hashes[name] = hash;
  }
  await writeFile(join(folder, hashesName), `${JSON.stringify(hashes, null, 1)}\n`, { flush: true });
}

/** What a checkpoint of an older program has, which kept no hashes. */
const filesWithoutHashes = ['model.json', 'weights.safetensors', 'optimiser.safetensors'];

/**
 * Compares files of a checkpoint with the hashes that were written with them.
 * @param recorded hashes that are known from elsewhere, by file
 * @param names files to look at; null: all that were written
 * @returns what is wrong, in words; null where everything is as it was
 */
export async function findDamage(
  folder: string,
  recorded: Readonly<Record<string, string>>,
  names: readonly string[] | null,
): Promise<string | null> {
  const present = await readdir(folder).catch(() => null);
  if (present === null) return `${folder} is missing`;
  const written = present.includes(hashesName) ? await readHashes(join(folder, hashesName)) : {};
  if (written === null) return `${join(folder, hashesName)} is damaged`;
  const hashes = { ...written, ...recorded };
  const wanted = names ?? (present.includes(hashesName) ? Object.keys(hashes) : filesWithoutHashes);
  for (const name of wanted) {
    if (!present.includes(name)) return `${join(folder, name)} is missing`;
    const hash = hashes[name];
    if (hash !== undefined && (await hashFile(join(folder, name))) !== hash) {
      return `${join(folder, name)} is not as it was written`;
    }
  }
  return null;
}

async function readHashes(path: string): Promise<Record<string, string> | null> {
  try {
    return hashesSchema.parse(JSON.parse((await readRegularFile(path, maxHashesBytes)).toString('utf8')));
  } catch {
    return null;
  }
}
