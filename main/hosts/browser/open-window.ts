import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findInstalledBrowser } from '#scripts/setup/installed-browser.mjs';

/** How the window opens, in words for the person; and the program that does it, null where none can. */
export interface WindowOpening {
  readonly words: string;
  readonly program: { readonly command: string; readonly args: readonly string[] } | null;
}

/**
 * The link in a window of its own where a Chromium, Chrome or Edge is installed, else in the default browser.
 * @param page address of the page that leads to the link: see writeEntryPage
 * @param folder where the window's browser keeps its state, apart from the person's own
 */
export function planWindow(
  page: string,
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): WindowOpening {
  if (process.platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) {
    return {
      words:
        'There is no screen here to open it on: open the link in a browser, through an SSH tunnel if need be.',
      program: null,
    };
  }
  const chromium = findInstalledBrowser(environment);
  if (chromium !== null) {
    const isRoot = process.getuid?.() === 0;
    const args = [
      `--app=${page}`,
      `--user-data-dir=${folder}`,
      '--no-first-run',
      '--no-default-browser-check',
      '--window-size=1360,860',
      // Chromium refuses to start as root with its sandbox.
      ...(isRoot ? ['--no-sandbox'] : []),
    ];
    return { words: 'It opens in a window of its own.', program: { command: chromium, args } };
  }
  const words = 'It opens in the default browser.';
  if (process.platform === 'darwin') return { words, program: { command: 'open', args: [page] } };
  if (process.platform === 'win32') {
    return { words, program: { command: 'rundll32', args: ['url.dll,FileProtocolHandler', page] } };
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((one) => one !== '');
  if (folders.some((one) => existsSync(join(one, 'xdg-open')))) {
    return { words, program: { command: 'xdg-open', args: [page] } };
  }
  return { words: 'No browser was found on this machine: open the link in one.', program: null };
}

/** Starts what was planned. @param failed is told where the program could not start or ended in failure */
export function openWindow({ program }: WindowOpening, failed: (text: string) => void): void {
  if (program === null) return;
  const { command, args } = program;
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  const say = (what: string) => failed(`${command} ${what}: open the link yourself.`);
  child.once('error', (error) => say(`did not start (${error.message})`));
  child.once('exit', (code) => {
    if (code !== 0 && code !== null) say(`ended with ${code}`);
  });
  child.unref();
}
