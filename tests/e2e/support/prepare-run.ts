import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildRendererIfNeeded } from '#main/hosts/build-renderer.ts';
import { findElectron } from './find-electron.ts';
import { openRunFolder } from './run-folder.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Before all specs: the window is built, once, and there is a folder for what they share. @returns the clearing up */
export default async function prepareRun(): Promise<() => Promise<void>> {
  await buildRendererIfNeeded((text) => console.error(text));
  if (findElectron() !== null) await buildForElectron();
  return openRunFolder();
}

async function buildForElectron(): Promise<void> {
  const home = dirname(createRequire(import.meta.url).resolve('electron-vite/package.json'));
  await promisify(execFile)(
    process.execPath,
    [join(home, 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: root },
  );
}
