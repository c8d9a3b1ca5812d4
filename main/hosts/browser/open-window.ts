import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that can show a page as a window of its own (--app=). */
const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'chrome',
];

const macPrograms = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/** An installed Chromium, Chrome or Edge, or null. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | null {
  return candidates(environment).find((path) => existsSync(path)) ?? null;
}

function candidates(environment: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'darwin') return macPrograms;
  if (process.platform === 'win32') {
    const roots = [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA];
    return roots.flatMap((root) =>
      root === undefined ? [] : windowsPrograms.map((path) => join(root, path)),
    );
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/**
 * Shows the link in a window of its own where a Chromium is installed, else in the default browser. Whether anything
 * opens cannot be known: the link is printed besides.
 * @param folder where the window's browser keeps its state, apart from the person's own
 */
export function openWindow(url: string, folder: string): void {
  const chromium = findChromium();
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
