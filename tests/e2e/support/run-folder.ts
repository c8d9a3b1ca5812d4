import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '#scripts/setup/lock.mjs';

/** The run's folder, which the workers are told in their environment. */
const variable = 'CCW_E2E_RUN';

/** Makes the folder of this whole run of Playwright. @returns a function that removes it */
export async function openRunFolder(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'ccw-e2e-run-'));
  process.env[variable] = folder;
  return () => rm(folder, { recursive: true, force: true });
}

/**
 * What several specs need is made once in the whole run, when the first of them needs it, and found again by every
 * other worker; those that need it meanwhile wait.
 * @param make fills the folder, which stays where it is
 */
export async function makeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const run = process.env[variable];
  if (run === undefined) throw new Error(`${variable} is not set: is prepare-run.ts the global set-up?`);
  const folder = join(run, name);
  const mark = `${folder}.made`;
  const makeIfMissing = async () => {
    if (existsSync(mark)) return;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await make(folder);
    await writeFile(mark, '');
  };
  await withLock(`${folder}.lock`, () => {}, makeIfMissing);
  return folder;
}
