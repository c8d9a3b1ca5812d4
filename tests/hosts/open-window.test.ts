import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findElectron } from '../e2e/support/find-electron.ts';
import { makePath } from '../scripts/run-process.ts';
import { makeFolder } from '../workbench/fixtures.ts';

const startFile = fileURLToPath(new URL('../../main/hosts/start.ts', import.meta.url));

let temporary: ReturnType<typeof makeFolder>;
let asked: string;
beforeEach(() => {
  temporary = makeFolder();
  asked = join(temporary.folder, 'asked');
});
afterEach(() => temporary.remove());

/**
 * `npm start` where PATH holds these programs only, until a person has seen the link and the window was asked for;
 * then SIGTERM.
 */
async function start(programs: string[], screen: Record<string, string> = { DISPLAY: ':99' }) {
  // In one step: half a line is never read.
  const record = `for argument in "$0" "$@"; do echo "$argument"; done > ${asked}.new; /bin/mv ${asked}.new ${asked}`;
  const child = spawn(process.execPath, [startFile], {
    env: {
      PATH: makePath(Object.fromEntries(programs.map((name) => [name, record]))),
      HOME: temporary.folder,
      CCW_WORKSPACE: join(temporary.folder, 'workspace'),
      // Electron's binary is not fetched.
      ELECTRON_MIRROR: 'http://127.0.0.1:9/',
      ...screen,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const ended = once(child, 'close');
  const isReady = () =>
    stdout.includes('\nEnd with') &&
    (programs.length === 0 || screen.DISPLAY === undefined || existsSync(asked));
  await expect.poll(isReady, { timeout: 100_000 }).toBe(true);
  child.kill('SIGTERM');
  const [code] = await ended;
  const [program, ...args] = existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : [];
  const link = /http:\/\/127\.0\.0\.1:\d+\/enter\?token=[\w-]+/.exec(stdout)?.[0];
  return { code, stdout, stderr, link, program, args };
}

/** The page is a file that leads to the link and that only its owner may read. */
function expectOwnPage(page: string | undefined, link: string | undefined): void {
  const file = fileURLToPath(page ?? '');
  expect(readFileSync(file, 'utf8')).toContain(`url=${link}"`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
}

// Where Electron's binary is there, `npm start` opens that.
const onLinux = test.skipIf(process.platform !== 'linux' || findElectron() !== null);

onLinux(
  'an installed Chromium shows the link as a window of its own, apart from the person’s state',
  async () => {
    const { code, stdout, link, program, args } = await start(['google-chrome', 'xdg-open']);
    expect(program).toMatch(/google-chrome$/);
    expect(link).toBeDefined();
    const [page] = args.flatMap((argument) => (argument.startsWith('--app=') ? [argument.slice(6)] : []));
    expectOwnPage(page, link);
    // Every user of the machine can read a program's arguments.
    expect(args.join(' ')).not.toContain('token');
    expect(args).toContain(`--user-data-dir=${join(temporary.folder, 'workspace', 'cache', 'window')}`);
    expect(stdout).toContain(`The workbench is at ${link}`);
    expect(code).toBe(0);
  },
);

onLinux('else the default browser gets the link', async () => {
  const { stdout, link, program, args } = await start(['xdg-open']);
  expect(program).toMatch(/xdg-open$/);
  expect(args).toHaveLength(1);
  expectOwnPage(args[0], link);
  expect(stdout).toContain('default browser');
});

onLinux('where there is no browser, the person is told to open the link', async () => {
  const { code, stdout, link } = await start([]);
  expect(link).toBeDefined();
  expect(stdout).toContain('No browser was found');
  expect(code).toBe(0);
});

onLinux('where there is no screen, nothing is started and the person is told so', async () => {
  const { code, stdout, link, program } = await start(['google-chrome', 'xdg-open'], {});
  expect(program).toBeUndefined();
  expect(link).toBeDefined();
  expect(stdout).toContain('There is no screen here');
  expect(code).toBe(0);
});
