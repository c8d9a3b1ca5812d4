import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkbenchError } from '#contract/errors.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const builtFolder = join(checkout, 'dist', 'renderer');

/** What the window is built from; `package-lock.json` stands for the packages. */
const sources = ['renderer', 'contract', 'core', 'package-lock.json'];
const stampFile = 'sources.sha256';

/**
 * Builds the window into dist/renderer where what is there was built from other sources, which takes some seconds; an
 * installed program has no sources and comes with its window.
 * @param say tells the person that it takes a moment
 * Where the build fails, an older window serves until the sources are mended.
 * @throws WorkbenchError `unavailable` where the build fails, with what it said, and there is no older window
 */
export async function buildRendererIfNeeded(say: (text: string) => void): Promise<void> {
  if (!existsSync(join(checkout, 'renderer', 'vite.config.ts'))) return;
  const hash = hashSources();
  if (readStamp() === hash) return;
  say('Building the window...');
  const folder = `${builtFolder}.${process.pid}`;
  try {
    await build(folder);
    writeFileSync(join(folder, stampFile), hash);
    // In one step, so that a host that runs beside this one never finds half a window.
    const old = `${folder}.old`;
    mkdirSync(dirname(builtFolder), { recursive: true });
    if (existsSync(builtFolder)) renameSync(builtFolder, old);
    renameSync(folder, builtFolder);
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    if (!(error instanceof WorkbenchError) || !existsSync(join(builtFolder, 'index.html'))) throw error;
    say(`${error.message}\nThe window that was built before is shown.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readStamp(): string | null {
  const file = join(builtFolder, stampFile);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** Over names, sizes and times of change: reading them all would cost each start a quarter of a second. */
function hashSources(): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => listFiles(join(checkout, source))).sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(checkout, file).split(sep).join('/')}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex');
}

function listFiles(path: string): string[] {
  if (path.endsWith('.json')) return existsSync(path) ? [path] : [];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function build(folder: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
  const child = spawn(
    process.execPath,
    [
      vite,
      'build',
      '--config',
      'renderer/vite.config.ts',
      '--outDir',
      folder,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ],
    { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  throw new WorkbenchError('unavailable', `The window could not be built:\n${output.slice(-4000).trim()}`);
}
