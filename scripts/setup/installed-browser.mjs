import fs from 'node:fs';
import path from 'node:path';

/** Chromium and its kin, all of which show a page as a window of its own (--app=) and are driven alike. */
const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
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

/** An installed Chromium, Chrome or Edge, absolute, or null. CCW_CHROMIUM names another. */
export function findInstalledBrowser(environment = process.env) {
  const named = environment.CCW_CHROMIUM;
  if (named) return named;
  return listPlaces(environment).find((file) => fs.existsSync(file)) ?? null;
}

/**
 * Chromium's headless shell as Debian packs it, absolute, or null: pages without a browser around them. Null also where
 * CCW_CHROMIUM names a browser.
 */
export function findHeadlessShell(environment = process.env) {
  if (environment.CCW_CHROMIUM) return null;
  return listInPath(['chromium-headless-shell'], environment).find((file) => fs.existsSync(file)) ?? null;
}

function listPlaces(environment) {
  if (process.platform === 'darwin') return macPrograms;
  if (process.platform === 'win32') {
    const roots = [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA];
    return roots.filter(Boolean).flatMap((root) => windowsPrograms.map((file) => path.join(root, file)));
  }
  return listInPath(names, environment);
}

function listInPath(programs, environment) {
  const folders = (environment.PATH ?? '').split(path.delimiter).filter(Boolean);
  return programs.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}
