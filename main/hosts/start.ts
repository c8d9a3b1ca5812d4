import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `npm start`: the Electron window where its binary is installed or can be fetched, else the browser host. */
const checkout = fileURLToPath(new URL('../..', import.meta.url));
const electronFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/** Fetching Electron's binary, or finding that it cannot be had, takes no longer than this. */
const fetchMs = 120_000;

const electron = findElectron() ?? (await fetchElectron());
if (electron === null) {
  say('Electron is not installed and could not be fetched: the window opens in a browser.');
  process.argv.splice(2, 0, 'serve');
  await import('./cli.ts');
} else {
  say('Building the window...');
  const built = await run(process.execPath, [
    packageFile('electron-vite', 'bin/electron-vite.js'),
    'build',
    '--logLevel',
    'warn',
  ]);
  process.exitCode = built === 0 ? await run(electron, [checkout, ...process.argv.slice(2)]) : built;
}

/** Electron's binary; null where the package is there without it. */
function findElectron(): string | null {
  const pathFile = join(electronFolder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(electronFolder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

async function fetchElectron(): Promise<string | null> {
  say('Fetching Electron...');
  const child = spawn(process.execPath, [join(electronFolder, 'install.js')], {
    stdio: 'ignore',
    timeout: fetchMs,
  });
  return (await ended(child)) === 0 ? findElectron() : null;
}

function run(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { cwd: checkout, stdio: 'inherit' });
  const handOn = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, handOn);
  return ended(child);
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function packageFile(name: string, file: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
