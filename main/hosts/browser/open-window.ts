import { spawn } from 'node:child_process';
import { findInstalledBrowser } from '#scripts/setup/installed-browser.mjs';

/**
 * Shows the link in a window of its own where a Chromium is installed, else in the default browser. Whether anything
 * opens cannot be known: the link is printed besides.
 * @param folder where the window's browser keeps its state, apart from the person's own
 */
export function openWindow(url: string, folder: string): void {
  const chromium = findInstalledBrowser();
  if (chromium !== null) {
    const isRoot = process.getuid?.() === 0;
    start(chromium, [
      `--app=${url}`,
      `--user-data-dir=${folder}`,
      '--no-first-run',
      '--no-default-browser-check',
      '--window-size=1360,860',
      // Chromium refuses to start as root with its sandbox.
      ...(isRoot ? ['--no-sandbox'] : []),
    ]);
    return;
  }
  if (process.platform === 'darwin') start('open', [url]);
  else if (process.platform === 'win32') start('rundll32', ['url.dll,FileProtocolHandler', url]);
  else start('xdg-open', [url]);
}

function start(command: string, args: readonly string[]): void {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}
