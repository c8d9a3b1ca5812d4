import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron } from './find-electron.ts';

/** Chromium refuses to start as root with its sandbox. */
export const sandboxArguments = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface HostOptions {
  /** Which shell the window runs in. */
  shell: 'browser' | 'electron';
  /** A workspace to copy; null begins with an empty one. */
  prepared: string | null;
}

export interface Host {
  /** Link with the secret token. */
  url: string;
  pid: number;
  workspace: string;
  /** Ends it with SIGTERM and waits. @returns its exit status */
  stop(): Promise<number | null>;
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });

/** Starts `ccw serve --port 0 --no-open` as a process of its own and waits for its link. */
export async function startHost(workspace: string): Promise<Host> {
  const child = spawn(
    process.execPath,
    [join(root, 'main/hosts/cli.ts'), 'serve', '--port', '0', '--no-open'],
    {
      cwd: root,
      env: { ...process.env, CCW_WORKSPACE: workspace },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString('utf8')));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said: unknown = line.startsWith('{') ? JSON.parse(line) : null;
      if (typeof said === 'object' && said !== null && 'url' in said && typeof said.url === 'string') {
        resolve(said.url);
      }
    });
    child.once('exit', (status) => reject(new Error(`ccw serve ended with ${status}.\n${errors.join('')}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    workspace,
    async stop() {
      child.kill('SIGTERM');
      return ended(child);
    },
  };
}

interface Fixtures extends HostOptions {
  /** Leaves tests out, before anything is made for them, where their shell is not installed. */
  skipWithoutShell: undefined;
  workspace: string;
  host: Host;
  /** The window, opened and ready. */
  window: Page;
  /** Opens the same workspace in another window. */
  openAnother: () => Promise<Page>;
}

/** `test` of every spec: `window` is the workbench, in the browser or in Electron, on a workspace of its own. */
export const test = base.extend<Fixtures>({
  shell: ['browser', { option: true }],
  prepared: [null, { option: true }],
  skipWithoutShell: [
    async ({ shell }, use, info) => {
      const missing = shell === 'electron' && findElectron() === null;
      info.skip(missing, 'Electron’s binary is not installed on this machine.');
      await use(undefined);
    },
    { auto: true },
  ],
  workspace: async ({ prepared }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ccw-e2e-'));
    if (prepared !== null) await cp(prepared, folder, { recursive: true });
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  host: async ({ workspace, shell }, use, info) => {
    info.skip(shell === 'electron', 'Under Electron the window is its own host.');
    const host = await startHost(workspace);
    await use(host);
    await host.stop();
  },
  window: async ({ shell, workspace, page }, use) => {
    if (shell === 'electron') {
      const program = await startElectron(workspace);
      await use(await program.firstWindow());
      await program.close();
      return;
    }
    const host = await startHost(workspace);
    await page.goto(host.url);
    await use(page);
    await host.stop();
  },
  openAnother: async ({ shell, window }, use, info) => {
    info.skip(shell === 'electron', 'Under Electron there is one window.');
    await use(async () => {
      const another = await window.context().newPage();
      await another.goto(window.url());
      return another;
    });
  },
});
export { expect } from '@playwright/test';

/** Electron on this checkout (prepare-run.ts builds it), with a state of its own. */
function startElectron(workspace: string): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: findElectron() ?? '',
    args: [root, `--user-data-dir=${join(workspace, 'cache', 'electron')}`, ...sandboxArguments],
    env: { ...process.env, CCW_WORKSPACE: workspace },
  });
}
